//! The sums of a matrix's columns, through its transpose.

use libstrided::{Order, Result, View, ops};

fn main() -> Result<()> {
    let field = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let matrix = View::from_slice(&field, &[2, 3], Order::C)?;
    let transposed = matrix.transpose(None)?; // shape (3, 2), the same memory
    let sums = ops::sum(&transposed, Some(&[-1]))?;
    let sums = sums.as_view();
    println!("{} {} {}", sums.get::<f64>(&[0])?, sums.get::<f64>(&[1])?, sums.get::<f64>(&[2])?); // 5 7 9
    Ok(())
}
