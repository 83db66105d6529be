//! Which kinds of files are read as videos.

/// FFmpeg's names of the kinds of files that hold a video by themselves, those of other versions included; names that a version
/// does not know do no harm.
///
/// Left out are lists and scripts, which open other files (hls, dash, concat, imf, mlv, …), devices, single images and
/// series of them.
pub(super) const READ: &str = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpegtsraw,mpeg,mpegvideo,flv,live_flv,kux,\
    asf,asf_o,ogg,h261,h263,h264,hevc,vvc,evc,m4v,mjpeg,mjpeg_2000,mpjpeg,smjpeg,gif,apng,ivf,nut,rm,wtv,mxf,dv,\
    yuv4mpegpipe,av1,obu,vc1,vc1test,swf,gxf,lxf,nsv,nuv,ty,dhav,ifv,cine,cavsvideo,avs2,avs3,dirac,dnxhd,\
    lmlm4,ipmovie,pva,rl2,rpl,vivo,lvf,mtv,film_cpk,flic,smk,bink,roq,r3d,luodat,ingenient";

/// The kind of a file that a program refused because it is none of these, by what it said.
pub(super) fn refused(said: &[u8]) -> Option<String> {
    let said = String::from_utf8_lossy(said);
    let line = said
        .lines()
        .find(|line| line.contains("not on whitelist"))?;
    let name = line
        .strip_prefix('[')
        .and_then(|line| line.split_once(" @ "));
    let name = name.map_or("not known", |(name, _)| name);
    Some(name.chars().flat_map(char::escape_debug).take(80).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_other_files_are_none_of_them() {
        let read: Vec<&str> = READ.split(',').collect();
        for list in [
            "hls",
            "applehttp",
            "dash",
            "concat",
            "concatf",
            "image2",
            "imf",
            "mlv",
            "sdp",
            "rtsp",
            "lavfi",
        ] {
            assert!(!read.contains(&list), "{list}");
        }
        assert!(read.iter().all(|name| !name.contains(char::is_whitespace)));
    }

    #[test]
    fn the_kind_that_was_refused_is_found_in_what_was_said() {
        let said =
            b"[hls @ 0x55d2] Format not on whitelist 'mov,mp4'\nfile:a.mp4: Invalid argument\n";
        assert_eq!(refused(said).as_deref(), Some("hls"));
        assert_eq!(
            refused(b"Format not on whitelist").as_deref(),
            Some("not known")
        );
        assert_eq!(refused(b"[hls @ 0x55d2] Invalid data found\n"), None);
    }
}
