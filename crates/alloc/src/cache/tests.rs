//! The ring by itself, with a limit of its own, so that other tests of the process do not disturb it.

use super::*;

fn mapping(units: usize) -> Mapping {
    Mapping::new(units * HUGE).expect("a mapping")
}

#[test]
fn a_word_holds_address_and_length() {
    let m = mapping(3);
    assert_eq!(unpack(pack(m).expect("short")), Some(m));
    assert_eq!(unpack(null_mut()), None);
    let too_long = Mapping { base: m.base, len: HUGE * HUGE };
    assert_eq!(pack(too_long), None);
    // SAFETY: nobody uses it.
    unsafe { m.unmap() };
}

#[test]
fn the_best_fit_is_taken_and_nothing_much_longer() {
    let ring = Ring::new();
    for units in [10, 8, 9, 4] {
        // SAFETY: nobody uses the mapping.
        unsafe { ring.put(mapping(units), 100 * HUGE) };
    }
    assert_eq!(ring.held.load(Ordering::Relaxed), 31 * HUGE);
    assert!(ring.take(11 * HUGE).is_none());
    assert!(ring.take(3 * HUGE).is_none(), "4 is more than a quarter longer than 3");
    let best = ring.take(8 * HUGE).expect("three fit");
    assert_eq!(best.len, 8 * HUGE);
    let next = ring.take(8 * HUGE).expect("two fit");
    assert_eq!(next.len, 9 * HUGE);
    assert_eq!(ring.held.load(Ordering::Relaxed), 14 * HUGE);
    assert_eq!(ring.trim(0), 14 * HUGE);
    assert!(ring.take(4 * HUGE).is_none());
    // SAFETY: nobody uses them.
    unsafe {
        best.unmap();
        next.unmap();
    }
}

#[test]
fn the_limit_holds_and_the_oldest_make_way() {
    let ring = Ring::new();
    let limit = 10 * HUGE;
    for units in [4, 3, 2, 5] {
        // SAFETY: nobody uses the mapping.
        unsafe { ring.put(mapping(units), limit) };
        assert!(ring.held.load(Ordering::Relaxed) <= limit);
    }
    assert!(ring.take(4 * HUGE).is_some_and(|m| m.len == 5 * HUGE), "4 was the oldest");
    assert!(ring.take(3 * HUGE).is_some());
    // SAFETY: nobody uses the mappings.
    unsafe {
        ring.put(mapping(11), limit);
        ring.put(mapping(1), 0);
    }
    assert_eq!(ring.held.load(Ordering::Relaxed), 2 * HUGE, "too long, and switched off");
    ring.trim(0);
}

#[test]
fn more_mappings_than_slots_push_the_oldest_out() {
    let ring = Ring::new();
    for _ in 0..SLOTS + 10 {
        // SAFETY: nobody uses the mapping.
        unsafe { ring.put(mapping(1), usize::MAX) };
    }
    assert_eq!(ring.held.load(Ordering::Relaxed), SLOTS * HUGE);
    assert_eq!(ring.trim(5 * HUGE), (SLOTS - 5) * HUGE);
    assert_eq!(ring.trim(0), 5 * HUGE);
}

#[test]
fn threads_never_own_the_same_mapping() {
    let ring = Ring::new();
    std::thread::scope(|scope| {
        for id in 0..4_usize {
            let ring = &ring;
            scope.spawn(move || {
                for round in 0..2000 {
                    let m = ring.take(HUGE).unwrap_or_else(|| mapping(1));
                    let mark = id << 32 | round;
                    // SAFETY: the mapping is this thread's while it holds it.
                    unsafe {
                        m.base.cast::<usize>().write_volatile(mark);
                        std::thread::yield_now();
                        assert_eq!(m.base.cast::<usize>().read_volatile(), mark);
                        ring.put(m, 3 * HUGE);
                    }
                }
            });
        }
    });
    assert!(ring.held.load(Ordering::Relaxed) <= 3 * HUGE);
    ring.trim(0);
    assert_eq!(ring.held.load(Ordering::Relaxed), 0);
}

#[test]
fn numbers_from_the_environment() {
    assert_eq!(parse_bytes(b"0"), Some(0));
    assert_eq!(parse_bytes(b"1048576"), Some(1 << 20));
    assert_eq!(parse_bytes(&[b'9'; 1000]), Some(UNSET - 1));
    for junk in [&b""[..], b" 1", b"-1", b"1M", b"\xff", b"0x10"] {
        assert_eq!(parse_bytes(junk), None);
    }
}
