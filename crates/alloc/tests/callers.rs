//! Memory that callers bring: their allocators, which may fail or lie, and foreign blocks with a release callback.

use std::alloc::Layout;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicUsize, Ordering};

use libstrided_alloc::{AllocError, Allocator, Contents, Memory};

/// An allocator that keeps accounts, and fails or lies on demand.
#[derive(Default)]
struct Accounts {
    calls: AtomicUsize,
    zeroed_calls: AtomicUsize,
    frees: AtomicUsize,
    open_bytes: AtomicUsize,
    /// Calls that succeed before one fails; `usize::MAX` for all.
    fail_after: usize,
    /// Bytes that results are off their alignment.
    off_by: usize,
}

impl Accounts {
    fn reliable() -> Accounts {
        Accounts { fail_after: usize::MAX, ..Accounts::default() }
    }

    fn table(&self, with_zeroed: bool) -> Allocator {
        Allocator {
            ctx: (&raw const *self).cast_mut().cast(),
            alloc: Some(alloc),
            alloc_zeroed: with_zeroed.then_some(alloc_zeroed),
            free: Some(free),
        }
    }

    fn balanced(&self) -> bool {
        self.open_bytes.load(Ordering::SeqCst) == 0
            && self.frees.load(Ordering::SeqCst) == self.calls.load(Ordering::SeqCst)
    }
}

/// Room in front of each block, where the size and alignment it was asked for with are noted.
const NOTE: usize = 4096;

unsafe fn give(accounts: &Accounts, size: usize, align: usize, fill: u8) -> *mut c_void {
    if accounts.calls.load(Ordering::SeqCst) >= accounts.fail_after {
        return null_mut();
    }
    accounts.calls.fetch_add(1, Ordering::SeqCst);
    accounts.open_bytes.fetch_add(size, Ordering::SeqCst);
    let layout = Layout::from_size_align(size + NOTE + accounts.off_by, NOTE).expect("layout");
    // SAFETY: the layout is not empty; the notes lie in the room in front.
    unsafe {
        let raw = std::alloc::alloc(layout);
        assert!(!raw.is_null());
        raw.cast::<[usize; 2]>().write([size, align]);
        let p = raw.add(NOTE + accounts.off_by);
        p.write_bytes(fill, size);
        p.cast()
    }
}

unsafe extern "C" fn alloc(ctx: *mut c_void, size: usize, align: usize) -> *mut c_void {
    // SAFETY: the context is the accounts.
    unsafe { give(&*ctx.cast(), size, align, 0xa5) }
}

unsafe extern "C" fn alloc_zeroed(ctx: *mut c_void, size: usize, align: usize) -> *mut c_void {
    // SAFETY: the context is the accounts.
    unsafe {
        let accounts: &Accounts = &*ctx.cast();
        accounts.zeroed_calls.fetch_add(1, Ordering::SeqCst);
        give(accounts, size, align, 0)
    }
}

unsafe extern "C" fn free(ctx: *mut c_void, p: *mut c_void, size: usize, align: usize) {
    // SAFETY: the context is the accounts, and `p` came from `give`.
    unsafe {
        let accounts: &Accounts = &*ctx.cast();
        let raw = p.cast::<u8>().sub(NOTE + accounts.off_by);
        assert_eq!(raw.cast::<[usize; 2]>().read(), [size, align], "freed as it was asked for");
        accounts.frees.fetch_add(1, Ordering::SeqCst);
        accounts.open_bytes.fetch_sub(size, Ordering::SeqCst);
        let layout = Layout::from_size_align(size + NOTE + accounts.off_by, NOTE).expect("layout");
        std::alloc::dealloc(raw, layout);
    }
}

fn new_with(
    table: &Allocator,
    nbytes: usize,
    align: usize,
    contents: Contents,
) -> Result<Memory, AllocError> {
    // SAFETY: the test allocators do what their types say, and outlive the memory.
    unsafe { Memory::new_with(table, nbytes, align, contents) }
}

#[test]
fn the_allocator_sees_its_own_sizes_again() {
    for with_zeroed in [true, false] {
        let accounts = Accounts::reliable();
        let table = accounts.table(with_zeroed);
        for align in [64, 256, 4096] {
            for nbytes in [0, 1, 63, 64, 1000, 5 << 20] {
                let kept = new_with(&table, nbytes, align, Contents::Uninit).expect("memory");
                assert_eq!(accounts.open_bytes.load(Ordering::SeqCst), nbytes.max(1));
                let zeroed = new_with(&table, nbytes, align, Contents::Zeroed).expect("memory");
                assert!(zeroed.as_ptr().addr().is_multiple_of(align));
                assert_eq!((zeroed.nbytes(), zeroed.align()), (nbytes, align));
                assert_eq!(zeroed.allocator().map(|t| t.ctx), Some(table.ctx));
                // SAFETY: the block was just made, zeroed.
                let bytes = unsafe { std::slice::from_raw_parts(zeroed.as_ptr(), nbytes) };
                assert!(bytes.iter().all(|&b| b == 0));
                drop((zeroed, kept));
            }
        }
        assert!(accounts.balanced());
        assert_eq!(accounts.calls.load(Ordering::SeqCst), 36);
        let zeroed = if with_zeroed { 18 } else { 0 };
        assert_eq!(accounts.zeroed_calls.load(Ordering::SeqCst), zeroed);
    }
}

#[test]
fn each_block_goes_back_to_the_table_it_came_from() {
    let (one, two) = (Accounts::reliable(), Accounts::reliable());
    let mut table = one.table(true);
    let first = new_with(&table, 10, 64, Contents::Uninit).expect("memory");
    table = two.table(true);
    let second = new_with(&table, 20, 64, Contents::Uninit).expect("memory");
    drop(first);
    assert!(one.balanced() && !two.balanced());
    drop(second);
    assert!(two.balanced());
}

#[test]
fn an_allocator_that_fails_at_any_call_is_an_error() {
    for fail_after in 0..6 {
        let accounts = Accounts { fail_after, ..Accounts::default() };
        let table = accounts.table(true);
        let contents = [Contents::Uninit, Contents::Zeroed];
        let made: Vec<_> = (0..6).map(|i| new_with(&table, 100, 64, contents[i % 2])).collect();
        for (i, result) in made.iter().enumerate() {
            match result {
                Ok(_) => assert!(i < fail_after),
                Err(error) => assert_eq!(*error, AllocError::OutOfMemory { bytes: 100 }),
            }
        }
        drop(made);
        assert!(accounts.balanced());
    }
}

#[test]
fn a_misaligned_answer_is_given_back() {
    for contents in [Contents::Uninit, Contents::Zeroed] {
        let accounts = Accounts { off_by: 16, ..Accounts::reliable() };
        let refused = new_with(&accounts.table(true), 100, 64, contents).err();
        assert!(matches!(refused, Some(AllocError::Misaligned { address, align: 64 }) if address % 64 == 16));
        assert!(accounts.balanced());
        assert_eq!(accounts.frees.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn bad_requests_never_reach_the_allocator() {
    let accounts = Accounts::reliable();
    let table = accounts.table(true);
    let too_many = isize::MAX as usize + 1;
    let refused = |table: &Allocator, nbytes, align| new_with(table, nbytes, align, Contents::Uninit).err();
    assert_eq!(refused(&table, 8, 48), Some(AllocError::BadAlignment { align: 48 }));
    assert_eq!(refused(&table, too_many, 64), Some(AllocError::SizeOverflow { bytes: too_many }));
    let without_alloc = Allocator { alloc: None, ..table };
    let without_free = Allocator { free: None, ..table };
    assert_eq!(refused(&without_alloc, 8, 64), Some(AllocError::IncompleteAllocator { missing: "alloc" }));
    assert_eq!(refused(&without_free, 8, 64), Some(AllocError::IncompleteAllocator { missing: "free" }));
    assert_eq!(accounts.calls.load(Ordering::SeqCst), 0);
}

#[test]
fn the_table_has_the_layout_of_the_c_struct() {
    let word = size_of::<usize>();
    assert_eq!(size_of::<Allocator>(), 4 * word);
    assert_eq!(std::mem::offset_of!(Allocator, ctx), 0);
    assert_eq!(std::mem::offset_of!(Allocator, alloc), word);
    assert_eq!(std::mem::offset_of!(Allocator, alloc_zeroed), 2 * word);
    assert_eq!(std::mem::offset_of!(Allocator, free), 3 * word);
    // SAFETY: a table of NULLs is a valid value: every entry is optional.
    let nulls: Allocator = unsafe { std::mem::zeroed() };
    assert!(nulls.alloc.is_none() && nulls.alloc_zeroed.is_none() && nulls.free.is_none());
    assert_eq!(size_of::<Option<Memory>>(), word);
}

unsafe extern "C" fn count(ctx: *mut c_void) {
    // SAFETY: the context is a counter.
    unsafe { &*ctx.cast::<AtomicUsize>() }.fetch_add(1, Ordering::SeqCst);
}

fn adopt(data: *mut u8, nbytes: usize, calls: &AtomicUsize) -> Result<Memory, AllocError> {
    let ctx = (&raw const *calls).cast_mut().cast();
    // SAFETY: the tests' memory and counter outlive the handle.
    unsafe { Memory::adopt(data, nbytes, Some(count), ctx) }
}

#[test]
fn foreign_memory_is_released_once_by_the_last_of_many_threads() {
    for _ in 0..200 {
        let calls = AtomicUsize::new(0);
        let mut block = [0_u8; 96];
        let memory = adopt(block.as_mut_ptr(), 96, &calls).expect("memory");
        assert_eq!((memory.as_ptr(), memory.nbytes()), (block.as_mut_ptr(), 96));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let share = memory.clone();
                scope.spawn(move || {
                    let more: Vec<_> = (0..10).map(|_| share.clone()).collect();
                    assert!(share.shares() > 10);
                    drop((share, more));
                });
            }
            drop(memory);
        });
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn foreign_memory_that_can_not_be_is_not_released() {
    let calls = AtomicUsize::new(0);
    let mut byte = 0_u8;
    let refused = adopt(null_mut(), 1, &calls).err();
    assert_eq!(refused, Some(AllocError::NullPointer { bytes: 1 }));
    for bytes in [usize::MAX, isize::MAX as usize + 1] {
        let refused = adopt(&raw mut byte, bytes, &calls).err();
        assert_eq!(refused, Some(AllocError::SizeOverflow { bytes }));
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    let empty = adopt(null_mut(), 0, &calls).expect("no bytes need no address");
    assert_eq!((empty.align(), empty.nbytes()), (1, 0));
    drop(empty);
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn foreign_memory_without_a_callback() {
    let mut block = [1_u8, 2, 3];
    // SAFETY: the block outlives the handle.
    let memory = unsafe { Memory::adopt(block.as_mut_ptr(), 3, None, null_mut()) }.expect("memory");
    let share = memory.try_clone().expect("a share");
    assert!(share.same_block(&memory) && !share.is_unique());
    drop(memory);
    assert!(share.is_unique());
    drop(share);
    assert_eq!(block, [1, 2, 3]);
}

#[test]
fn writes_of_all_threads_are_seen_by_the_one_that_is_left() {
    for _ in 0..500 {
        let memory = Memory::new(4 * 64, 64, Contents::Zeroed).expect("memory");
        std::thread::scope(|scope| {
            for i in 0..4 {
                let share = memory.clone();
                scope.spawn(move || {
                    // SAFETY: each thread has a byte of its own.
                    unsafe { share.as_ptr().add(64 * i).write(i as u8 + 1) };
                });
            }
            while !memory.is_unique() {
                std::thread::yield_now();
            }
            // SAFETY: nobody else has a share any more, so nobody writes.
            let seen = [0, 1, 2, 3].map(|i| unsafe { memory.as_ptr().add(64 * i).read() });
            assert_eq!(seen, [1, 2, 3, 4]);
        });
    }
}

#[test]
fn threads_make_and_pass_on_blocks_of_every_size() {
    let (send, receive) = std::sync::mpsc::channel::<(Memory, u8)>();
    std::thread::scope(|scope| {
        for id in 1..4_u8 {
            let send = send.clone();
            scope.spawn(move || {
                for i in 0..150_usize {
                    let nbytes = [0, 10, 5000, 200_000, (2 << 20) + 7 * i][i % 5];
                    let memory = Memory::new(nbytes, 64, Contents::Uninit).expect("memory");
                    // SAFETY: the block is this thread's until it is sent.
                    unsafe { memory.as_ptr().write_bytes(id, nbytes) };
                    send.send((memory, id)).expect("the receiver is there");
                }
            });
        }
        drop(send);
        for (memory, id) in receive {
            // SAFETY: the sender has written all of it and let it go.
            let bytes = unsafe { std::slice::from_raw_parts(memory.as_ptr(), memory.nbytes()) };
            assert!(bytes.iter().all(|&b| b == id));
        }
    });
}
