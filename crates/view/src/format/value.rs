//! Elements as values that can be written.

use libstrided_layout::DType;

use super::decimal::Binary;

/// One element, in the widest type of its kind.
#[derive(Clone, Copy)]
pub(super) enum Value {
    Bool(bool),
    Integer(i128),
    Float(f64),
    Complex(f64, f64),
    /// Bytes that nobody looks into: only their address is passed on.
    Opaque(*const u8),
}

/// The binary format of the numbers in a dtype, where they are floating-point.
pub(super) fn binary(dtype: DType) -> Option<Binary> {
    match dtype.part() {
        DType::F16 => Some(Binary::F16),
        DType::Bf16 => Some(Binary::Bf16),
        DType::F32 => Some(Binary::F32),
        DType::F64 => Some(Binary::F64),
        _ => None,
    }
}

/// Reads an element, which need not be aligned.
///
/// # Safety
/// `p` must be the address of a readable element of that dtype.
pub(super) unsafe fn read(p: *const u8, dtype: DType) -> Value {
    /// # Safety
    /// `p` must be readable as a `T`; any bytes must be a `T`.
    unsafe fn get<T: Copy>(p: *const u8) -> T {
        // SAFETY: the caller's promise.
        unsafe { p.cast::<T>().read_unaligned() }
    }
    // SAFETY: by the caller's promise `p` has as many readable bytes as each dtype's type; for all of these types any
    // bytes are a value.
    unsafe {
        match dtype {
            DType::Bool => Value::Bool(get::<u8>(p) != 0),
            DType::I8 => Value::Integer(get::<i8>(p).into()),
            DType::I16 => Value::Integer(get::<i16>(p).into()),
            DType::I32 => Value::Integer(get::<i32>(p).into()),
            DType::I64 => Value::Integer(get::<i64>(p).into()),
            DType::U8 => Value::Integer(get::<u8>(p).into()),
            DType::U16 => Value::Integer(get::<u16>(p).into()),
            DType::U32 => Value::Integer(get::<u32>(p).into()),
            DType::U64 => Value::Integer(get::<u64>(p).into()),
            DType::F16 => Value::Float(half(get(p))),
            DType::Bf16 => Value::Float(f32::from_bits(u32::from(get::<u16>(p)) << 16).into()),
            DType::F32 => Value::Float(get::<f32>(p).into()),
            DType::F64 => Value::Float(get(p)),
            DType::C64 => {
                let [re, im] = get::<[f32; 2]>(p);
                Value::Complex(re.into(), im.into())
            }
            DType::C128 => {
                let [re, im] = get(p);
                Value::Complex(re, im)
            }
            DType::Opaque => Value::Opaque(p),
        }
    }
}

/// The value of an IEEE half, which an `f64` holds exactly.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023) / 1024.0);
    let absolute = match exponent {
        0 => fraction / f64::from(1 << 14),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction) * f64::from_bits(((exponent - 15 + 1023) as u64) << 52),
    };
    if bits >> 15 == 0 { absolute } else { -absolute }
}
