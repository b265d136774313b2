//! Blocks of up to two lines whose items trade places, with AVX-512: one permutation of two vectors makes a vector of the
//! destination, whatever the order.

use core::arch::x86_64::*;

use super::generic::Lanes;
use super::x86_avx512::Avx512;
use super::x86_avx512_partly::{Partly, first};
use crate::cache::LINE;
use crate::copy::plan::Axis;
use crate::copy::tile::{Mixed, MixedFn};

/// The kernel for items of this size.
#[inline]
pub(super) fn mixed(item: usize) -> Option<MixedFn> {
    Some(match item {
        2 => run::<8>,
        4 => run::<4>,
        8 => run::<2>,
        16 => run::<1>,
        _ => return None,
    })
}

/// # Safety
/// As [`MixedFn`], on a CPU with AVX-512.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq")]
unsafe fn run<const N: usize>(m: &Mixed, times: Axis, src: *const u8, dst: *mut u8) {
    let (low, high) = (places::<N>(&m.places, 0), places::<N>(&m.places, 1));
    let items = m.bytes / (16 / N);
    let per = 4 * N;
    let (mut from, mut to) = (src, dst);
    // SAFETY: the items of each block, and no others.
    unsafe {
        if items <= per {
            let mask = first::<N>(items);
            for _ in 0..times.n {
                let x = Avx512::load_some::<N>(from, mask);
                permute::<N>(x, low, x).store_some::<N>(to, mask);
                from = from.wrapping_offset(times.s);
                to = to.wrapping_offset(times.d);
            }
        } else {
            let mask = first::<N>(items - per);
            for _ in 0..times.n {
                let x = Avx512::load_all(from);
                let y = Avx512::load_some::<N>(from.wrapping_add(LINE), mask);
                permute::<N>(x, low, y).store(to);
                permute::<N>(x, high, y).store_some::<N>(to.wrapping_add(LINE), mask);
                from = from.wrapping_offset(times.s);
                to = to.wrapping_offset(times.d);
            }
        }
    }
}

/// The indices of a permutation for the items of the line with this number: of words of 2, 4 or 8 bytes.
#[inline(always)]
fn places<const N: usize>(places: &[u8; 2 * LINE], line: usize) -> __m512i {
    let mut bytes = [0u8; LINE];
    let per = 4 * N;
    let word = (LINE / per).min(8);
    for i in 0..LINE / word {
        // Items of 16 bytes are two words.
        let place = match N {
            1 => 2 * places[line * per + i / 2] + (i % 2) as u8,
            _ => places[line * per + i],
        };
        bytes[i * word] = place;
    }
    // SAFETY: a vector is so many bytes.
    unsafe { core::mem::transmute(bytes) }
}

/// Items of two vectors by their places.
#[inline(always)]
unsafe fn permute<const N: usize>(x: Avx512, places: __m512i, y: Avx512) -> Avx512 {
    // SAFETY: the caller vouches for AVX-512.
    unsafe {
        Avx512(match N {
            8 => _mm512_permutex2var_epi16(x.0, places, y.0),
            4 => _mm512_permutex2var_epi32(x.0, places, y.0),
            _ => _mm512_permutex2var_epi64(x.0, places, y.0),
        })
    }
}
