program hello
   use strided
   implicit none
   real(real64), target :: field(3, 2) = reshape([1, 2, 3, 4, 5, 6], [3, 2]), sums(3)
   type(strided_view) :: matrix, transposed, out

   call strided_from(field, matrix)
   call strided_view_transpose(matrix, transposed) ! shape (2, 3), the same memory
   call strided_from(sums, out)
   call strided_sum(transposed, out, dim=1)
   print '(3(i0, 1x))', nint(sums) ! 5 7 9
end program hello
