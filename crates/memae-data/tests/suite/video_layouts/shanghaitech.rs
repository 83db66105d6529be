//! ShanghaiTech Campus.

use super::*;

#[test]
fn shanghaitech_takes_labels_and_masks_from_arrays() {
    for inner in ["", "shanghaitech"] {
        let root = root();
        let path = root.path().join(inner);
        images(
            &path.join("training/videos/01_001"),
            0,
            3,
            "jpg",
            &[false; 6],
        );
        images(
            &path.join("testing/frames/01_0014"),
            0,
            3,
            "jpg",
            &[false; 3],
        );
        assert_eq!(
            open(&root, VideoLayout::ShanghaiTech)
                .expect_err("no labels")
                .replace("ROOT", "")
                .replace("shanghaitech", ""),
            ": frame labels not found, expected one of: testing/test_frame_mask"
        );
        npy(
            &path.join("testing/test_frame_mask/01_0014.npy"),
            "(3,)",
            &[0, 0, 1],
        );
        let set = open(&root, VideoLayout::ShanghaiTech).expect("whole");
        assert_eq!(names(&set.train), ["01_001"]);
        assert_eq!(
            known(&set),
            [("01_0014".to_string(), Some(SECOND.to_vec()), None)]
        );

        npy(
            &path.join("testing/test_pixel_mask/01_0014.npy"),
            "(3, 3, 5)",
            &[[0; 30].as_slice(), &[0; 14], &[1]].concat(),
        );
        let set = open(&root, VideoLayout::ShanghaiTech).expect("whole");
        assert_eq!(
            known(&set),
            [(
                "01_0014".to_string(),
                Some(SECOND.to_vec()),
                Some(SECOND.to_vec())
            )]
        );
    }
}
