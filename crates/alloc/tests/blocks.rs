//! The library's own blocks: alignment, contents, sizes that can not be had, reuse.

use std::sync::{Mutex, MutexGuard, PoisonError};

use libstrided_alloc::{
    AllocError, Contents, LARGE_BLOCK, Memory, cache_limit, cached_bytes, set_cache_limit, trim_cache,
};

/// The ring of kept mappings is the process's: tests that look at it take turns.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    let guard = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    set_cache_limit(64 << 20);
    trim_cache(0);
    guard
}

fn fill(memory: &Memory, value: u8) {
    // SAFETY: the tests use each block from one place at a time.
    unsafe { memory.as_ptr().write_bytes(value, memory.nbytes()) };
}

/// Whether all bytes have this value. Only for blocks that were filled or made zeroed.
fn holds(memory: &Memory, value: u8) -> bool {
    // SAFETY: as above, and the bytes were written.
    let bytes = unsafe { std::slice::from_raw_parts(memory.as_ptr(), memory.nbytes()) };
    bytes.iter().all(|&b| b == value)
}

const ALIGNS: [usize; 7] = [64, 128, 256, 512, 1024, 2048, 4096];

#[test]
fn every_size_at_every_alignment() {
    let _turn = turn();
    let near = |n: usize| [n - 1, n, n + 1];
    let large = [near(4096), near(1 << 17), near(LARGE_BLOCK), near(3 * LARGE_BLOCK)].concat();
    for align in ALIGNS {
        for nbytes in (0..200).chain(large.iter().copied()) {
            for contents in [Contents::Uninit, Contents::Zeroed] {
                let memory = Memory::new(nbytes, align, contents).expect("memory");
                assert!(memory.as_ptr().addr().is_multiple_of(align));
                assert!(memory.align() >= align && memory.as_ptr().addr().is_multiple_of(memory.align()));
                assert_eq!((memory.nbytes(), memory.shares()), (nbytes, 1));
                assert!(memory.allocator().is_none());
                assert!(contents == Contents::Uninit || holds(&memory, 0), "{nbytes} bytes");
                // Dirty, so that the next round sees whether recycled memory is cleared.
                fill(&memory, 0xa5);
            }
        }
    }
}

#[test]
fn blocks_do_not_overlap() {
    let _turn = turn();
    let sizes = [0, 0, 1, 63, 64, 65, 4096, LARGE_BLOCK, LARGE_BLOCK + 1];
    let make = |&nbytes| Memory::new(nbytes, 64, Contents::Uninit).expect("memory");
    let blocks: Vec<Memory> = sizes.iter().map(make).collect();
    for (i, block) in blocks.iter().enumerate() {
        fill(block, i as u8);
    }
    for (i, block) in blocks.iter().enumerate() {
        assert!(holds(block, i as u8));
    }
    assert_ne!(blocks[0].as_ptr(), blocks[1].as_ptr(), "empty blocks have addresses of their own");
}

#[test]
fn alignments_out_of_range_are_refused() {
    for align in [0, 1, 2, 32, 63, 65, 96, 4095, 8192, 1 << 20, usize::MAX, 1 << (usize::BITS - 1)] {
        let refused = Memory::new(8, align, Contents::Uninit).err();
        assert_eq!(refused, Some(AllocError::BadAlignment { align }));
    }
}

#[test]
fn sizes_that_can_not_be_had_are_errors() {
    let _turn = turn();
    for align in ALIGNS {
        for contents in [Contents::Uninit, Contents::Zeroed] {
            for bytes in [usize::MAX, usize::MAX - 1, usize::MAX - 4096, isize::MAX as usize] {
                let refused = Memory::new(bytes, align, contents).err();
                assert_eq!(refused, Some(AllocError::SizeOverflow { bytes }));
            }
            // More than any address space of today.
            let refused = Memory::new(1 << (usize::BITS - 3), align, contents).err();
            assert!(matches!(refused, Some(AllocError::OutOfMemory { .. })));
        }
    }
}

#[test]
fn a_freed_mapping_is_used_again_and_zeros_are_zeros() {
    let _turn = turn();
    let nbytes = 5 * LARGE_BLOCK + 100;
    let first = Memory::new(nbytes, 64, Contents::Uninit).expect("memory");
    fill(&first, 0xff);
    let address = first.as_ptr().addr();
    drop(first);
    assert_eq!(cached_bytes(), 6 * LARGE_BLOCK);

    let zeroed = Memory::new(nbytes, 64, Contents::Zeroed).expect("memory");
    assert!(holds(&zeroed, 0));
    let again = Memory::new(nbytes - 50, 64, Contents::Uninit).expect("memory");
    assert_eq!(again.as_ptr().addr(), address);
    assert_eq!(again.nbytes(), nbytes - 50);
    assert_eq!(cached_bytes(), 0);
}

#[test]
fn the_limit_is_the_program_s() {
    let _turn = turn();
    let make = |units| Memory::new(units * LARGE_BLOCK, 64, Contents::Uninit).expect("memory");
    set_cache_limit(3 * LARGE_BLOCK);
    assert_eq!(cache_limit(), 3 * LARGE_BLOCK);
    drop((make(2), make(2), make(4)));
    assert_eq!(cached_bytes(), 2 * LARGE_BLOCK);
    assert_eq!(trim_cache(0), 2 * LARGE_BLOCK);
    drop(make(2));
    set_cache_limit(0);
    assert_eq!(cached_bytes(), 0);
    drop(make(1));
    assert_eq!(cached_bytes(), 0);
}

/// How many of the block's pages are in memory.
#[cfg(target_os = "linux")]
fn resident_pages(memory: &Memory) -> usize {
    // SAFETY: `sysconf` has no preconditions.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    let start = memory.as_ptr().addr().next_multiple_of(page);
    let end = (memory.as_ptr().addr() + memory.nbytes()) / page * page;
    let mut pages = vec![0_u8; (end - start) / page];
    // SAFETY: the range lies inside the block, and `pages` has one byte for each page.
    let done = unsafe { libc::mincore(start as *mut libc::c_void, end - start, pages.as_mut_ptr()) };
    assert_eq!(done, 0);
    pages.iter().filter(|&&state| state & 1 != 0).count()
}

#[test]
#[cfg(target_os = "linux")]
fn zeroed_pages_are_not_touched_early() {
    let _turn = turn();
    for contents in [Contents::Zeroed, Contents::Uninit] {
        trim_cache(0);
        let memory = Memory::new(16 * LARGE_BLOCK, 64, contents).expect("memory");
        assert_eq!(resident_pages(&memory), 0);
        // SAFETY: the byte is inside the block.
        unsafe { memory.as_ptr().write(1) };
        assert!(resident_pages(&memory) > 0);
        assert!(resident_pages(&memory) <= LARGE_BLOCK / 4096, "one huge page at most");
    }
}

fn first_byte(memory: &Memory) -> u8 {
    // SAFETY: for zeroed blocks that are not empty.
    unsafe { memory.as_ptr().read() }
}

/// A child of `fork` has one thread, whatever the others were doing: it must be able to go on.
#[test]
#[cfg(target_os = "linux")]
fn a_forked_child_can_allocate_while_other_threads_did() {
    let _turn = turn();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                drop(Memory::new(LARGE_BLOCK, 64, Contents::Uninit));
            }
        });
        for _ in 0..20 {
            // SAFETY: the child only uses functions of libc and this crate, and leaves without unwinding.
            let child = unsafe { libc::fork() };
            if child == 0 {
                // SAFETY: as above; the alarm ends a child that hangs.
                unsafe { libc::alarm(10) };
                let fine = (0..50).all(|_| {
                    let large = Memory::new(LARGE_BLOCK, 64, Contents::Zeroed);
                    large.is_ok_and(|m| first_byte(&m) == 0) && Memory::new(100, 64, Contents::Uninit).is_ok()
                });
                // SAFETY: ends the child at once.
                unsafe { libc::_exit(if fine { 0 } else { 1 }) };
            }
            let mut status = -1;
            // SAFETY: waits for our own child.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

/// Pages of address space that the process has.
#[cfg(target_os = "linux")]
fn address_space() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("the numbers of this process");
    statm.split(' ').next().and_then(|pages| pages.parse().ok()).expect("a number")
}

#[test]
#[cfg(target_os = "linux")]
fn large_blocks_leave_no_address_space_behind() {
    let _turn = turn();
    set_cache_limit(0);
    let before = address_space();
    for i in 0..1000 {
        drop(Memory::new(LARGE_BLOCK + 4096 * i, 64, Contents::Uninit).expect("memory"));
    }
    // Each reserves up to 4 MiB more than it uses, and gives it back at once; threads of other tests come and go.
    assert!(address_space() < before + (200 << 20) / 4096);
}
