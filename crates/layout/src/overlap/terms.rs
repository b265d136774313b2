//! The terms of the equation `sum(coefficient_i * z_i) = target`, `0 <= z_i <= bound_i`, made as few as possible.

/// One unknown: its coefficient, and the largest value that it may take. The smallest is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) coefficient: u64,
    pub(super) bound: u64,
}

impl Term {
    /// The largest value of the term. Terms come from layouts whose spans fit into 63 bits, two at a time, so this
    /// and the sum over all terms fit into 64 bits.
    #[inline]
    pub(super) fn reach(self) -> u64 {
        self.coefficient * self.bound
    }
}

/// Terms with different coefficients, smallest coefficient first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<const CAP: usize> {
    terms: [Term; CAP],
    len: usize,
}

impl<const CAP: usize> Terms<CAP> {
    #[inline]
    pub(super) fn new() -> Terms<CAP> {
        Terms { terms: [Term { coefficient: 0, bound: 0 }; CAP], len: 0 }
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[Term] {
        &self.terms[..self.len]
    }

    /// Adds a term with a positive coefficient; one with the same coefficient takes it in. `None` when it is full.
    #[inline]
    pub(super) fn add(&mut self, coefficient: u64, bound: u64) -> Option<()> {
        if bound > 0 && !self.add_distinct(coefficient, bound)? {
            for term in &mut self.terms[..self.len] {
                if term.coefficient == coefficient {
                    term.bound += bound;
                }
            }
        }
        Some(())
    }

    /// Adds a term unless its coefficient is there already: then `false`, and nothing changes. `None` when it is full.
    #[inline]
    pub(super) fn add_distinct(&mut self, coefficient: u64, bound: u64) -> Option<bool> {
        let place = self.as_slice().iter().rposition(|t| t.coefficient <= coefficient);
        if place.is_some_and(|i| self.terms[i].coefficient == coefficient) {
            return Some(false);
        }
        if self.len == CAP {
            return None;
        }
        let place = place.map_or(0, |i| i + 1);
        self.terms.copy_within(place..self.len, place + 1);
        self.terms[place] = Term { coefficient, bound };
        self.len += 1;
        Some(true)
    }

    /// Joins terms that have no gap between them, without a change to the sums that they can make: when
    /// `c' = k * c` and `k <= bound + 1`, then `c * z + c' * z'` takes all multiples of `c` up to its largest value.
    /// What merging loops is for copies, this is for the equation: a packed array is one term, whatever its shape.
    #[inline]
    pub(super) fn join(&mut self) {
        let mut kept = 0;
        for i in 0..self.len {
            let term = self.terms[i];
            let into = self.terms[..kept].iter_mut().rfind(|t| {
                // `t.reach() + t.coefficient` would overflow only where a sum of all terms does.
                term.coefficient - t.coefficient <= t.reach()
                    && term.coefficient.is_multiple_of(t.coefficient)
            });
            match into {
                Some(t) => t.bound += term.coefficient / t.coefficient * term.bound,
                None => {
                    self.terms[kept] = term;
                    kept += 1;
                }
            }
        }
        self.len = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(list: &[(u64, u64)]) -> Terms<8> {
        let mut terms = Terms::new();
        for &(coefficient, bound) in list {
            assert!(terms.add(coefficient, bound).is_some());
        }
        terms
    }

    fn listed(terms: &Terms<8>) -> std::vec::Vec<(u64, u64)> {
        terms.as_slice().iter().map(|t| (t.coefficient, t.bound)).collect()
    }

    #[test]
    fn terms_are_sorted_and_equal_ones_merged() {
        let list = terms(&[(5, 1), (3, 2), (9, 0), (5, 4), (7, 1), (3, 1)]);
        assert_eq!(listed(&list), [(3, 3), (5, 5), (7, 1)]);
    }

    #[test]
    fn a_full_list_refuses_new_coefficients_only() {
        let mut list = terms(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1)]);
        assert!(list.add(9, 1).is_none());
        assert!(list.add(8, 1).is_some());
        assert_eq!(list.add_distinct(9, 1), None);
        assert_eq!(list.add_distinct(1, 1), Some(false));
    }

    #[test]
    fn gapless_terms_join() {
        let mut packed = terms(&[(1, 7), (8, 9), (80, 4)]);
        packed.join();
        assert_eq!(listed(&packed), [(1, 7 + 8 * 9 + 80 * 4)]);

        // One byte is missing before the next item, and one item before the next row.
        let mut gaps = terms(&[(1, 6), (8, 9), (88, 4)]);
        gaps.join();
        assert_eq!(listed(&gaps), [(1, 6), (8, 9), (88, 4)]);

        // 40 does not follow 16 but 8, two places earlier.
        let mut skips = terms(&[(8, 4), (12, 1), (40, 3)]);
        skips.join();
        assert_eq!(listed(&skips), [(8, 19), (12, 1)]);
    }
}
