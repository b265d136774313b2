//! Threads for the time of one call.
//!
//! By the functions of POSIX itself: the standard library's threads allocate, and a failed allocation there ends the
//! process. What a thread needs lies on the stack of the caller, who waits for all of them before it returns.
//!
//! The threads block all signals, so that a host's signals go where they went before; and the caller can not be cancelled
//! while they use its stack.

use core::ffi::{c_int, c_void};
use core::mem::MaybeUninit;

use libstrided_layout::Result;

use super::MOST;

/// Runs `work(part)` for all parts, the first one here, each other one on a thread of its own, or here too when there
/// is none to be had. Returns the first error.
pub(super) fn run(parts: usize, work: &(dyn Fn(usize) -> Result<()> + Sync)) -> Result<()> {
    let mut seats = [const { Seat::EMPTY }; MOST];
    let seats = &mut seats[..parts.clamp(1, MOST)];
    for (part, seat) in seats.iter_mut().enumerate() {
        seat.part = part;
        // SAFETY: only the lifetime changes. Nothing uses the work after this function has returned: it joins every
        // thread that it started.
        seat.work = Some(unsafe {
            core::mem::transmute::<
                &(dyn Fn(usize) -> Result<()> + Sync),
                &'static (dyn Fn(usize) -> Result<()> + Sync),
            >(work)
        });
    }
    let (mine, others) = seats.split_at_mut(1);
    system::with_threads(others, || mine[0].take());
    seats.iter().try_for_each(|seat| seat.outcome)
}

/// A part, and what came out of it.
struct Seat {
    part: usize,
    work: Option<&'static (dyn Fn(usize) -> Result<()> + Sync)>,
    outcome: Result<()>,
}

impl Seat {
    const EMPTY: Seat = Seat { part: 0, work: None, outcome: Ok(()) };

    fn take(&mut self) {
        if let Some(work) = self.work.take() {
            self.outcome = work(self.part);
        }
    }
}

#[cfg(unix)]
mod system {
    use super::*;

    /// `pthread_t`: a word on every Unix that Rust knows.
    type Thread = usize;

    /// Room for a `pthread_attr_t` or a `sigset_t`, of at most 128 bytes on the systems that we know.
    type Room = [u64; 32];

    unsafe extern "C" {
        fn pthread_create(
            thread: *mut Thread,
            attributes: *const Room,
            start: extern "C" fn(*mut c_void) -> *mut c_void,
            argument: *mut c_void,
        ) -> c_int;
        fn pthread_join(thread: Thread, result: *mut *mut c_void) -> c_int;
        fn pthread_attr_init(attributes: *mut Room) -> c_int;
        fn pthread_attr_destroy(attributes: *mut Room) -> c_int;
        fn pthread_attr_setstacksize(attributes: *mut Room, size: usize) -> c_int;
        fn pthread_sigmask(how: c_int, set: *const Room, before: *mut Room) -> c_int;
        fn pthread_setcancelstate(state: c_int, before: *mut c_int) -> c_int;
        fn sigfillset(set: *mut Room) -> c_int;
    }

    const SIG_SETMASK: c_int = if cfg!(any(target_os = "linux", target_os = "android")) { 2 } else { 3 };
    const CANCEL_DISABLE: c_int = if cfg!(any(target_os = "macos", target_os = "ios")) { 0 } else { 1 };

    /// What kernels need at most, several times over; some systems give threads no more than 128 KiB by themselves.
    const STACK: usize = 2 << 20;

    extern "C" fn start(seat: *mut c_void) -> *mut c_void {
        // SAFETY: the address of a seat that nobody else uses until this thread is joined.
        unsafe { (*seat.cast::<Seat>()).take() };
        core::ptr::null_mut()
    }

    /// Starts a thread for each seat, runs `mine`, joins the threads, and takes the seats that no thread took.
    pub(super) fn with_threads(seats: &mut [Seat], mine: impl FnOnce()) {
        let mut threads = [None::<Thread>; MOST];
        let mut cancel = 0;
        // SAFETY: `cancel` is a place for a number; the state is given back below.
        unsafe { pthread_setcancelstate(CANCEL_DISABLE, &raw mut cancel) };
        start_all(seats, &mut threads);
        mine();
        for thread in threads.iter().flatten() {
            // SAFETY: a thread of ours that has not been joined.
            unsafe { pthread_join(*thread, core::ptr::null_mut()) };
        }
        for seat in seats {
            seat.take();
        }
        // SAFETY: as above.
        unsafe { pthread_setcancelstate(cancel, core::ptr::null_mut()) };
    }

    fn start_all(seats: &mut [Seat], threads: &mut [Option<Thread>; MOST]) {
        let mut attributes = MaybeUninit::<Room>::uninit();
        let mut all = MaybeUninit::<Room>::uninit();
        let mut before = MaybeUninit::<Room>::uninit();
        // SAFETY: each room is larger than what is put into it, and filled before it is read. A thread gets the address
        // of its seat, which stays in place until the thread is joined.
        unsafe {
            if pthread_attr_init(attributes.as_mut_ptr()) != 0 {
                return;
            }
            pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK);
            sigfillset(all.as_mut_ptr());
            let blocked = pthread_sigmask(SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) == 0;
            for (seat, thread) in seats.iter_mut().zip(threads) {
                let mut new = 0;
                let seat = (&raw mut *seat).cast();
                if allowed() && pthread_create(&raw mut new, attributes.as_ptr(), start, seat) == 0 {
                    *thread = Some(new);
                }
            }
            if blocked {
                pthread_sigmask(SIG_SETMASK, before.as_ptr(), core::ptr::null_mut());
            }
            pthread_attr_destroy(attributes.as_mut_ptr());
        }
    }

    /// Whether a thread may be made: tests say no now and then.
    #[cfg(test)]
    fn allowed() -> bool {
        super::super::tests::allowed()
    }

    #[cfg(not(test))]
    fn allowed() -> bool {
        true
    }
}

/// Without POSIX threads everything runs here.
#[cfg(not(unix))]
mod system {
    use super::*;

    pub(super) fn with_threads(seats: &mut [Seat], mine: impl FnOnce()) {
        mine();
        for seat in seats {
            seat.take();
        }
    }
}
