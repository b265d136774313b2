//! Whether the loops of the shared library are vector code: what the disassembler finds in it, on x86-64.
//!
//! Two accidents are looked for that no other test sees, as results stay the same. A loop that is vectorised across its
//! steps loads side by side by gathering and stores by scattering; and a function that was not inlined into the loop of a
//! level is a call per element. Both bounds leave room around what is there (little, for gathers), and are far
//! from what an accident makes.

use super::Installed;
use super::report::Report;
use crate::sh::{self, Result};

/// Gathers and scatters; there were 1880, nearly all in some 50 loops, and 15218 when the compiler went across the
/// steps of everything.
const GATHERS: usize = 2000;
/// At least this many instructions on the registers of each of the levels above the baseline; there were 67000.
const VECTORS: usize = 20_000;

pub(super) fn test(report: &mut Report, installed: &Installed) {
    report.section("vector code");
    if !cfg!(target_arch = "x86_64") {
        return report.skip("loops are vector code", "it is looked at on x86-64");
    }
    report.check("loops are vector code", count(installed));
}

/// Whether an instruction, with its operands, gathers or scatters.
fn is_gather(instruction: &str) -> bool {
    let name = instruction.split_whitespace().next().unwrap_or_default();
    name.contains("gather") || name.contains("scatter")
}

fn count(installed: &Installed) -> Result<()> {
    let mut objdump = sh::command("objdump", ["--disassemble", "--no-show-raw-insn"]);
    let text = sh::read(objdump.arg(installed.shared_library()))?;
    let lines = |found: fn(&str) -> bool| text.lines().filter(|line| found(line)).count();
    // By the instruction, and not by the names of functions that it jumps to.
    let gathers = lines(|line| is_gather(line.split('\t').nth(1).unwrap_or_default()));
    let (avx2, avx512) = (lines(|line| line.contains("%ymm")), lines(|line| line.contains("%zmm")));
    if gathers > GATHERS {
        return Err(format!("{gathers} gathers and scatters, more than {GATHERS}"));
    }
    if avx2.min(avx512) < VECTORS {
        return Err(format!(
            "{avx2} instructions on registers of AVX2, {avx512} of AVX-512, fewer than {VECTORS}"
        ));
    }
    Ok(())
}
