//! Small bodies in br and zstd that decode to large ones, or to nothing.

use httpx::ErrorKind::{Decode, Incomplete, TooLarge};

use crate::bombs::{endless, full, send_all};
use crate::support::encode::{brotli, zstd};
use crate::support::{Flavour, both_flavours};

both_flavours!(bombs,);

fn bombs<F: Flavour>() {
    let zeros = vec![0; 16 << 20];
    let (br, zst) = (brotli(&zeros), zstd(&zeros));
    let thrice = |encode: fn(&[u8]) -> Vec<u8>| encode(&encode(&encode(&zeros)));
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    // A window of 2 GiB, and one of 8 MiB before an empty block.
    let two_gib = [&magic[..], &[0, 21 << 3, 1, 0, 0]].concat();
    let large = [&magic[..], &[0, 13 << 3, 1, 0, 0]].concat();
    let small = [&magic[..], &[0, 0, 1, 0, 0]].concat();
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18][..], &[0xff; 4], &[7; 1000]].concat();
    send_all::<F>([
        ("br", full("200 OK", "br", &br), Some(TooLarge)),
        ("br thrice", full("404 No", "br, br, br", &thrice(brotli)), Some(TooLarge)),
        ("br without end", endless("200 OK", "br", &br[..br.len() - 1]), Some(TooLarge)),
        ("br of metadata", endless("200 OK", "br", &[0b00_0110; 4096]), Some(Decode)),
        ("br of large windows", full("200 OK", "br", &[0x11, 30, 0]), Some(Decode)),
        ("zstd", endless("200 OK", "zstd", &zst), Some(TooLarge)),
        ("zstd thrice", full("500 Oh", "zstd, zstd, zstd", &thrice(zstd)), Some(TooLarge)),
        ("zstd with a window of 2 GiB", full("200 OK", "zstd", &two_gib), Some(Decode)),
        ("zstd without data", endless("200 OK", "zstd", &[large, small.repeat(200)].concat()), Some(Decode)),
        ("zstd that is skipped", endless("200 OK", "zstd", &skipped), Some(Decode)),
        ("zstd that is cut", full("200 OK", "zstd", &skipped), Some(Incomplete)),
        ("redirect", endless("302 Found\r\nLocation: /good", "zstd", &zst), None),
        ("redirect", full("302 Found\r\nLocation: /good", "br, zstd", &zstd(&br)), None),
    ]);
}
