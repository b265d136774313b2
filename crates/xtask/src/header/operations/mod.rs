//! What exists once for each operation, written from the table of operations in crates/kernels.
//!
//! ```text
//!   table (crates/kernels/src/op/table.rs)
//!     -> capi      crates/capi/src/named/*.rs: constants and functions of the C ABI, from which strided.h follows
//!     -> cpp       include/strided_operations.hpp, which strided.hpp includes
//!     -> fortran   include/strided_operations.inc, which strided.F90 includes
//!     -> docs      docs/operations.md
//!     -> cases     ffi-tests/c/bad_input/cases_operations.h: calls that must fail
//! ```

mod capi;
mod cases;
mod cpp;
mod docs;
mod fortran;

use crate::op::{BinaryOp, OpInfo, ReduceOp, ScanOp, UnaryOp};
use std::fmt::Debug;
use std::path::PathBuf;

/// A file that is generated: its path from the top of the repository, and its text.
pub(super) type File = (PathBuf, String);

/// All files that are written from the table.
pub(super) fn files() -> Vec<File> {
    let families = families();
    let mut files: Vec<File> = families.iter().map(|family| named("capi", family)).collect();
    files.push(("include/strided_operations.hpp".into(), cpp::text(&families)));
    files.push(("include/strided_operations.inc".into(), fortran::text(&families)));
    files.push(("docs/operations.md".into(), docs::text(&families)));
    files.push(("ffi-tests/c/bad_input/cases_operations.h".into(), cases::text(&families)));
    files
}

fn named(package: &str, family: &Family) -> File {
    let path = format!("crates/{package}/src/named/{}.rs", family.kind.name());
    (path.into(), capi::text(family))
}

/// Operations that are called in the same way.
struct Family {
    kind: Kind,
    rows: Vec<Row>,
}

/// How operations are called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `op(v, out)`
    Unary,
    /// `op(a, b, out)`
    Binary,
    /// `op(v, axes, keepdims, out)`
    Reduce,
    /// `op(v, axis, out)`
    Accumulate,
}

impl Kind {
    /// `strided_<name>` takes any operation of the family.
    fn name(self) -> &'static str {
        match self {
            Kind::Unary => "unary",
            Kind::Binary => "binary",
            Kind::Reduce => "reduce",
            Kind::Accumulate => "accumulate",
        }
    }

    /// Its enum in Rust.
    fn rust(self) -> &'static str {
        match self {
            Kind::Unary => "UnaryOp",
            Kind::Binary => "BinaryOp",
            Kind::Reduce => "ReduceOp",
            Kind::Accumulate => "ScanOp",
        }
    }

    /// Whether what does the work reports its errors itself.
    fn is_direct(self) -> bool {
        !matches!(self, Kind::Accumulate)
    }

    /// What the family is, as a heading.
    fn title(self) -> &'static str {
        match self {
            Kind::Unary => "Operations on one array, element by element",
            Kind::Binary => "Operations on two arrays, element by element",
            Kind::Reduce => "Reductions over axes",
            Kind::Accumulate => "Running operations along one axis",
        }
    }
}

/// One operation, in words.
struct Row {
    /// `add`
    name: &'static str,
    /// `Add`, the variant of the enum in Rust
    variant: String,
    code: i32,
    takes: &'static str,
    gives: &'static str,
    doc: &'static str,
    rule: &'static str,
}

impl Row {
    /// `ADD`
    fn upper(&self) -> String {
        self.name.to_uppercase()
    }

    /// What the operation does, as part of a sentence.
    fn phrase(&self) -> String {
        match self.doc.split_once(' ') {
            Some((first, rest)) if first.len() > 1 && first.chars().all(char::is_alphabetic) => {
                format!("{} {rest}", first.to_lowercase())
            }
            _ => self.doc.to_string(),
        }
    }

    /// What the operation does and how it treats edge cases, as sentences.
    fn sentences(&self) -> String {
        match self.rule {
            "" => format!("{}.", self.doc),
            rule => format!("{}; {rule}.", self.doc),
        }
    }
}

fn families() -> Vec<Family> {
    let unary = UnaryOp::TABLE.iter().map(|info| row(info, info.op.code())).collect();
    let binary = BinaryOp::TABLE.iter().map(|info| row(info, info.op.code())).collect();
    let reduce = ReduceOp::TABLE.iter().map(|info| row(info, info.op.code())).collect();
    let accumulate = ScanOp::TABLE.iter().map(|info| row(info, info.op.code())).collect();
    vec![
        Family { kind: Kind::Unary, rows: unary },
        Family { kind: Kind::Binary, rows: binary },
        Family { kind: Kind::Reduce, rows: reduce },
        Family { kind: Kind::Accumulate, rows: accumulate },
    ]
}

fn row<Op: Debug + Copy>(info: &OpInfo<Op>, code: i32) -> Row {
    Row {
        name: info.name,
        variant: format!("{:?}", info.op),
        code,
        takes: info.takes.text(),
        gives: info.gives.text(),
        doc: info.doc,
        rule: info.rule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_unique() {
        let families = families();
        let rows: Vec<&Row> = families.iter().flat_map(|family| &family.rows).collect();
        for (i, row) in rows.iter().enumerate() {
            assert!(rows[..i].iter().all(|other| other.name != row.name && other.code != row.code));
        }
    }

    #[test]
    fn lines_fit_where_lines_are_limited() {
        // Fortran allows 132 columns.
        for (path, text) in
            files().iter().filter(|(path, _)| path.extension().is_some_and(|ext| ext == "inc"))
        {
            assert!(text.lines().all(|line| line.len() <= 132), "{}", path.display());
        }
    }

    #[test]
    fn phrases_and_sentences() {
        let row =
            |doc, rule| Row { name: "x", variant: String::new(), code: 1, takes: "", gives: "", doc, rule };
        assert_eq!(row("The sum", "0 over nothing").phrase(), "the sum");
        assert_eq!(row("a + b", "").phrase(), "a + b");
        assert_eq!(row("The sum", "0 over nothing").sentences(), "The sum; 0 over nothing.");
        assert_eq!(row("The sine", "").sentences(), "The sine.");
    }
}
