//! What the measuring examples share: memory on huge pages, and contenders that take turns.

unsafe extern "C" {
    fn mmap(addr: *mut u8, len: usize, prot: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
    fn clock_gettime(clock: i32, time: *mut i64) -> i32;
    fn madvise(addr: *mut u8, len: usize, advice: i32) -> i32;
}

/// Memory of this many bytes, zeros, that begins on a boundary of 2 MiB; on huge pages, unless small ones are asked for.
pub(crate) fn room(bytes: usize, small_pages: bool) -> *mut u8 {
    // SAFETY: a fresh anonymous mapping; advice does not change what it holds.
    unsafe {
        let p = mmap(core::ptr::null_mut(), bytes + (2 << 20), 3, 0x22, -1, 0);
        assert_ne!(p as isize, -1, "no memory");
        let p = p.add(p.align_offset(2 << 20));
        madvise(p, bytes, if small_pages { 15 } else { 14 });
        p
    }
}

/// Seconds of `f` per call.
fn once(inner: usize, f: &mut dyn FnMut()) -> f64 {
    let start = processor_seconds();
    for _ in 0..inner {
        f();
    }
    (processor_seconds() - start) / inner as f64
}

/// Seconds that this thread has had of a processor: what other programs take does not count.
fn processor_seconds() -> f64 {
    let mut t = [0i64; 2];
    // SAFETY: room for seconds and nanoseconds.
    unsafe { clock_gettime(3, t.as_mut_ptr()) };
    t[0] as f64 + t[1] as f64 * 1e-9
}

fn median(mut x: Vec<f64>) -> f64 {
    x.sort_by(f64::total_cmp);
    x[x.len() / 2]
}

/// Median seconds of the first, and the median of what the better of the others takes against it. They take turns, so
/// that whatever else the machine does falls on all alike. `budget`: seconds in all, about.
pub(crate) fn race(budget: f64, fs: &mut [&mut dyn FnMut()]) -> (f64, f64) {
    let mut inner = Vec::new();
    let mut all = 0.0;
    for f in fs.iter_mut() {
        f();
        let t = once(1, *f).max(1e-8);
        inner.push(((2e-5 / t) as usize).max(1));
        all += t * inner[inner.len() - 1] as f64;
    }
    let rounds = ((budget / all) as usize).clamp(5, 301);
    let (mut ours, mut shares) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let times: Vec<f64> = fs.iter_mut().zip(&inner).map(|(f, &n)| once(n, *f)).collect();
        ours.push(times[0]);
        shares.push(times[1..].iter().copied().fold(f64::INFINITY, f64::min) / times[0]);
    }
    (median(ours), median(shares))
}
