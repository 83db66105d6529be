//! Addresses of streams: which are opened, by what, and how they are shown.

use super::kinds::READ;

/// The longest address, in bytes.
const LONGEST: usize = 2048;

/// A way to streams, and what FFmpeg may open on it: protocols, kinds of files, and what it is told besides.
#[derive(Debug, PartialEq, Eq)]
struct Scheme {
    name: &'static str,
    protocols: &'static str,
    formats: &'static str,
    arguments: &'static [&'static str],
}

/// Pictures alone, and over TCP where the camera has it, where none is lost.
const RTSP: &[&str] = &["-rtsp_flags", "prefer_tcp", "-allowed_media_types", "video"];

const SCHEMES: [Scheme; 9] = [
    scheme("rtsp", "rtp,udp,tcp", "rtsp", RTSP),
    scheme("rtsps", "rtp,udp,tcp,tls", "rtsp", RTSP),
    scheme("rtmp", "rtmp,tcp", READ, &[]),
    scheme("rtmps", "rtmps,tls,tcp", READ, &[]),
    // A server may point from one to the other.
    scheme("http", "http,https,httpproxy,tls,tcp", READ, &[]),
    scheme("https", "http,https,httpproxy,tls,tcp", READ, &[]),
    scheme("tcp", "tcp", READ, &[]),
    scheme("udp", "udp", READ, &[]),
    scheme("srt", "srt", READ, &[]),
];

const fn scheme(
    name: &'static str,
    protocols: &'static str,
    formats: &'static str,
    arguments: &'static [&'static str],
) -> Scheme {
    Scheme {
        name,
        protocols,
        formats,
        arguments,
    }
}

/// Why a text is no address of a stream. Credentials in it are not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// No address, or one of a kind that is not opened.
    #[error(
        "{shown}: found {found}, expected an address that begins with rtsp, rtsps, rtmp, rtmps, http, https, tcp, udp or srt, and ://"
    )]
    Scheme {
        /// The address, without credentials.
        shown: String,
        /// What it begins with.
        found: String,
    },
    /// An address that is too long, names nothing, or holds control characters.
    #[error("{shown}: found {found}, expected an address as rtsp://host:554/path")]
    Text {
        /// The address, without credentials.
        shown: String,
        /// What is wrong with it.
        found: &'static str,
    },
}

/// The address of a stream that FFmpeg's programs may open.
///
/// User, password and all that stands behind a `?`, where some cameras take them, are for FFmpeg alone: what is shown, and
/// every message, has `***` instead.
///
/// ```
/// use memae_data::format::StreamAddress;
///
/// let address: StreamAddress = "rtsp://guard:secret@camera:554/gate?token=7".parse()?;
/// assert_eq!(address.to_string(), "rtsp://***@camera:554/gate?***");
/// let error = "concat://a|b".parse::<StreamAddress>().unwrap_err().to_string();
/// assert!(error.starts_with("concat://a|b: found concat, expected an address that begins with rtsp"));
/// # Ok::<(), memae_data::format::AddressError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StreamAddress {
    url: String,
    scheme: &'static Scheme,
}

impl StreamAddress {
    /// As it was given, credentials and all.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// What FFmpeg is told before it opens the address.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &'static str> {
        let Scheme {
            protocols,
            formats,
            arguments,
            ..
        } = self.scheme;
        let limits = [
            "-protocol_whitelist",
            protocols,
            "-format_whitelist",
            formats,
        ];
        limits.into_iter().chain(arguments.iter().copied())
    }

    /// A text in which the address may stand, without credentials.
    pub(super) fn mask(&self, text: &str) -> String {
        masked(&text.replace(&self.url, &self.to_string()))
    }
}

impl std::str::FromStr for StreamAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = |found| AddressError::Text {
            shown: shown_address(text),
            found,
        };
        if text.len() > LONGEST {
            return Err(AddressError::Text {
                shown: text
                    .chars()
                    .take_while(|&letter| letter != ':')
                    .take(20)
                    .collect(),
                found: "more than 2048 bytes",
            });
        }
        if text.chars().any(|letter| letter.is_control()) {
            return Err(wrong("a control character"));
        }
        let (name, rest) = text.split_once("://").unwrap_or_default();
        let known = SCHEMES
            .iter()
            .find(|scheme| scheme.name.eq_ignore_ascii_case(name));
        let scheme = known.ok_or_else(|| AddressError::Scheme {
            shown: shown_address(text),
            found: match name {
                "" => "no address".to_string(),
                name => name.to_string(),
            },
        })?;
        if rest.is_empty() {
            return Err(wrong("no host"));
        }
        Ok(Self {
            // Its demuxer is told by small letters.
            url: format!("{}://{rest}", scheme.name),
            scheme,
        })
    }
}

/// Without credentials.
impl std::fmt::Display for StreamAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&shown_address(&self.url))
    }
}

/// Without credentials.
impl std::fmt::Debug for StreamAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("StreamAddress")
            .field(&self.to_string())
            .finish()
    }
}

/// A text without the credentials of the addresses in it: what lies between `://` and the last `@` of a word, and what stands
/// behind a `?`, becomes `***`.
///
/// ```
/// use memae_data::format::masked;
///
/// let text = masked("tcp://a:b@c@host/x?key=1: Connection refused, as by http://host/");
/// assert_eq!(text, "tcp://***@host/x?***: Connection refused, as by http://host/");
/// ```
pub fn masked(text: &str) -> String {
    let ends = |letter: char| letter.is_whitespace() || "'\"<>|".contains(letter);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, address) = rest.split_at(at + 3);
        let (address, after) = address.split_at(address.find(ends).unwrap_or(address.len()));
        // What follows a colon in a sentence is no part of it.
        let (address, colon) = match address.strip_suffix(':') {
            Some(address) => (address, ":"),
            None => (address, ""),
        };
        shown.push_str(before);
        shown.push_str(&without_credentials(address));
        shown.push_str(colon);
        rest = after;
    }
    shown + rest
}

/// An address that is all of a text, whatever letters it has.
fn shown_address(text: &str) -> String {
    let shown = match text.split_once("://") {
        Some((scheme, address)) => format!("{scheme}://{}", without_credentials(address)),
        None => text.to_string(),
    };
    shown
        .chars()
        .flat_map(|letter| match letter.is_control() {
            true => letter.escape_default().collect::<Vec<_>>(),
            false => vec![letter],
        })
        .collect()
}

/// What stands behind `://`, without what may be secret.
fn without_credentials(address: &str) -> String {
    // A password may hold both signs, so that each is looked for from where the most is hidden.
    let (user, address) = match address.rsplit_once('@') {
        Some((_, address)) => ("***@", address),
        None => ("", address),
    };
    match address.split_once('?') {
        Some((address, _)) => format!("{user}{address}?***"),
        None => format!("{user}{address}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown_wherever_they_stand() {
        for (url, shown) in [
            ("rtsp://cam/1", "rtsp://cam/1"),
            ("rtsp://u:p@cam/1", "rtsp://***@cam/1"),
            ("RTSP://u:p/@?q@cam/1", "rtsp://***@cam/1"),
            ("rtsp://u@cam:1/a b@c", "rtsp://***@c"),
            ("http://cam/v?user=u&pwd=p", "http://cam/v?***"),
            ("http://cam/v?user=u&pwd=p@q", "http://***@q"),
            ("srt://cam:9?passphrase=p", "srt://cam:9?***"),
            ("rtsp://'\" p@cam", "rtsp://***@cam"),
        ] {
            let address: StreamAddress = url.parse().unwrap();
            assert_eq!(address.to_string(), shown, "{url}");
            assert!(format!("{address:?}").contains(shown));
            let said = format!("[x] {}: refused", address.url());
            assert!(!address.mask(&said).contains("p@"), "{url}");
            assert!(address.mask(&said).contains(shown), "{url}");
        }
    }

    #[test]
    fn other_ways_are_refused_without_showing_credentials() {
        for (url, found) in [
            ("file:///etc/passwd", "found file, expected"),
            ("concat://u:secret@a", "found concat, expected"),
            ("rtp://secret@host", "found rtp, expected"),
            ("://secret@x", "found no address, expected"),
            ("video.mp4", "found no address, expected"),
            ("rtsp://", "found no host"),
            ("rtsp://u:secret@a\nb", "found a control character"),
            (
                &format!("rtsp://u:secret@{}", "a".repeat(2048)),
                "found more than 2048 bytes",
            ),
        ] {
            let error = url.parse::<StreamAddress>().unwrap_err().to_string();
            assert!(error.contains(found), "{error}");
            assert!(
                !error.contains("secret") && !error.contains('\n'),
                "{error}"
            );
        }
    }

    #[test]
    fn no_way_leads_to_files_or_lists() {
        for scheme in SCHEMES {
            let protocols: Vec<&str> = scheme.protocols.split(',').collect();
            for other in [
                "file", "concat", "subfile", "data", "pipe", "crypto", "hls", "fd",
            ] {
                assert!(!protocols.contains(&other), "{}: {other}", scheme.name);
            }
            assert!(scheme.formats == READ || scheme.formats == "rtsp");
        }
    }
}
