#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz_readers::read("video_detector", bytes));
