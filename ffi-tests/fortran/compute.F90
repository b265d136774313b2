!> Work on views of Fortran arrays, against whole-array expressions: copies, fills, arithmetic, reductions, text, files.
include 'checks.inc'

module kernels
   use, intrinsic :: iso_c_binding
   implicit none
contains
   !> z = sqrt(x**2 + y**2), and counts its calls.
   subroutine hypotenuse(context, count, pointers, strides) bind(C)
      type(c_ptr), value :: context
      integer(c_int64_t), value :: count
      type(c_ptr), intent(in) :: pointers(*)
      integer(c_int64_t), intent(in) :: strides(*)
      real(c_double), pointer :: x, y, z
      integer, pointer :: calls
      integer(c_int64_t) :: k
      call c_f_pointer(context, calls)
      calls = calls + 1
      do k = 0, count - 1
         call c_f_pointer(moved(pointers(1), k*strides(1)), x)
         call c_f_pointer(moved(pointers(2), k*strides(2)), y)
         call c_f_pointer(moved(pointers(3), k*strides(3)), z)
         z = sqrt(x**2 + y**2)
      end do
   end subroutine hypotenuse

   function moved(pointer, bytes) result(other)
      type(c_ptr), intent(in) :: pointer
      integer(c_int64_t), intent(in) :: bytes
      type(c_ptr) :: other
      other = transfer(transfer(pointer, 0_c_intptr_t) + bytes, other)
   end function moved
end module kernels

program compute
   use, intrinsic :: iso_c_binding
   use strided
   use checks
   use kernels
   implicit none
   real(real64), target :: a(6, 5), b(6, 5), c(5, 6), column(6), row(5), scalar
   integer(int32), target :: n(6, 5)
   real(real32), target :: f(6, 5)
   type(strided_view) :: va, vb, vc, vn, vf, vcol, vrow, vs, t
   integer :: i, j, k
   a = reshape([(real(k, real64), k=1, 30)], [6, 5])
   n = reshape([(k - 15, k=1, 30)], [6, 5])
   call strided_from(a, va)
   call strided_from(b, vb)
   call strided_from(c, vc)
   call strided_from(n, vn)
   call strided_from(f, vf)
   call strided_from(column, vcol)
   call strided_from(row, vrow)
   call strided_from(scalar, vs)

   call copies()
   call arithmetic()
   call operations_by_name()
   call choices()
   call broadcasting()
   call overlaps()
   call reductions()
   call statistics()
   call user_kernels()
   call texts()
   call files()
   call tally()

contains

   subroutine copies()
      call strided_view_transpose(va, t)
      call strided_copy(t, vc)
      call check(all(c == transpose(a)), 'copy of the transpose')
      call strided_copy(vn, vb)
      call check(all(b == n), 'integers copied to reals')
      call strided_copy(va, vf)
      call check(all(f == real(a, real32)), 'real64 to real32')
      a(1, 1) = 1.0e300_real64
      call strided_copy_cast(va, vn, STRIDED_CAST_UNSAFE)
      call check(n(1, 1) == huge(n) .and. all(n(2:, :) == nint(a(2:, :))), 'reals to integers saturate')
      a(1, 1) = 1
      n = reshape([(k - 15, k=1, 30)], [6, 5])
      call strided_view_index(vb, [strided_range(6, 1, -2), strided_range(2, 4)], t)
      call strided_fill(t, 0)
      call check(count(b == 0) == 9 + count(n(1:5:2, :) == 0) + count(n(2:6:2, [1, 5]) == 0), 'fill of a section')
      call strided_fill(vb, 1.5_real32)
      call check(all(b == 1.5), 'fill with another kind')
   end subroutine copies

   subroutine arithmetic()
      b = 2*a
      call strided_add(va, vb, vb)
      call check(all(b == 3*a), 'add, in place')
      call strided_subtract(vb, va, vb)
      call check(all(b == 2*a), 'subtract')
      call strided_multiply(va, vb, vb)
      call check(all(b == 2*a**2), 'multiply')
      call strided_divide(vb, va, vb)
      call check(all(b == 2*a), 'divide')
      call strided_binary(STRIDED_OP_ADD, va, vn, vb)
      call check(all(b == a + n), 'reals and integers')
      call strided_from(c(5:1:-1, :), vc)
      call strided_view_transpose(vc, t)
      call strided_add(va, va, t)
      call check(all(c(5:1:-1, :) == transpose(2*a)), 'into a reversed and transposed section')
      call strided_from(c, vc)
   end subroutine arithmetic

   subroutine operations_by_name()
      logical(c_bool), target :: flags(6, 5)
      integer(int8), target :: small(3) = [3_int8, -7_int8, 100_int8], squares(3)
      real(real64), target :: x(3)
      complex(real64), target :: z(2) = [(3.0_real64, 4.0_real64), (0.0_real64, -2.0_real64)]
      type(strided_view) :: vflags, vsmall, vx, vz
      integer(c_int32_t) :: dtype
      integer(c_int) :: stat
      character(len=200) :: message
      call strided_from(flags, vflags)
      call strided_from(small, vsmall)
      call strided_from(x, vx)
      call strided_from(z, vz)
      call strided_sqrt(va, vb)
      call check(all(b == sqrt(a)), 'sqrt')
      call strided_square(vb, vb)
      call check(all(abs(b - a) < 1.0e-12_real64), 'square, in place')
      call strided_negative(va, vb)
      call check(all(b == -a), 'negative')
      call strided_unary(STRIDED_OP_ABSOLUTE, vb, vb)
      call check(all(b == a), 'absolute, by its code')
      call strided_less(va, vn, vflags)
      call check(all(flags .eqv. a < n), 'less')
      call strided_logical_not(vflags, vflags)
      call check(all(flags .eqv. a >= n), 'logical_not, in place')
      call strided_maximum(va, vn, vb)
      call check(all(b == max(a, real(n, real64))), 'maximum')
      call strided_remainder(va, vn, vb, stat)
      call check(stat == STRIDED_OK .and. all(b(:2, 1) == modulo(a(:2, 1), real(n(:2, 1), real64))), 'remainder')
      call strided_from(squares, t)
      call strided_square(vsmall, t)
      call check(all(squares == [9, 49, 16]), 'integers wrap')
      call strided_from(x(1:2), t)
      call strided_absolute(vz, t)
      call check(all(x(1:2) == [5, 2]), 'magnitudes')
      call strided_unary_result_type(STRIDED_OP_ABSOLUTE, STRIDED_C128, dtype)
      call check(dtype == STRIDED_F64, 'the type of magnitudes')
      call strided_binary_result_type(STRIDED_OP_HYPOT, STRIDED_I8, STRIDED_U8, dtype)
      call check(dtype == STRIDED_F16, 'the smallest type for small integers')
      call strided_reduce_result_type(STRIDED_OP_SUM, STRIDED_U8, dtype)
      call check(dtype == STRIDED_U64, 'the type of sums')
      message = ''
      call strided_invert(va, vb, stat, message)
      call check_status(stat, STRIDED_E_DTYPE, message, 'f64', 'no bits of reals')
      message = ''
      call strided_unary(STRIDED_OP_ADD, va, vb, stat, message)
      call check_status(stat, STRIDED_E_ENUM, message, 'op', 'a code of another family')
   end subroutine operations_by_name

   subroutine choices()
      logical(c_bool), target :: flags(6, 5)
      real(real64), target :: low, high
      real(real64), target :: packed(30)
      integer(c_int64_t) :: found
      type(strided_view) :: vflags, vlow, vhigh, vpacked
      integer(c_int) :: stat
      character(len=200) :: message
      call strided_from(flags, vflags)
      call strided_from(low, vlow)
      call strided_from(high, vhigh)
      low = 5
      high = 20
      flags = a < 10
      call strided_where(vflags, va, vn, vb)
      call check(all(b == merge(a, real(n, real64), flags)), 'where')
      call strided_clip(va, vb, vlow, vhigh)
      call check(all(b == min(max(a, low), high)), 'clip')
      call strided_clip(va, vb, high=vhigh)
      call check(all(b == min(a, high)), 'clip above only')
      call strided_fma(va, va, vlow, vb)
      call check(all(b == a*a + 5), 'fma')
      b = 0
      call strided_unary_where(STRIDED_OP_NEGATIVE, va, vflags, vb)
      call check(all(b == merge(-a, 0.0_real64, flags)), 'unary_where')
      call strided_binary_where(STRIDED_OP_ADD, va, va, vflags, vb)
      call check(all(b == merge(2*a, 0.0_real64, flags)), 'binary_where')
      message = ''
      call strided_unary_where(STRIDED_OP_NEGATIVE, va, vn, vb, stat, message)
      call check_status(stat, STRIDED_E_CASTING, message, 'bool', 'a mask of integers')
      call strided_compress(va, vflags, count=found)
      call check(found == count(flags), 'how many there are')
      packed = 0
      call strided_from(packed, vpacked)
      call strided_compress(va, vflags, vpacked, found)
      call check(all(packed(:found) == pack(a, logical(flags))), 'compress is pack')
      call check(all(packed(found + 1:) == 0), 'what lies behind stays')
      call strided_compress(va, vflags, vpacked, order=STRIDED_ORDER_C)
      call check(all(packed(:found) == pack(transpose(a), logical(transpose(flags)))), 'compress in C order')
      message = ''
      call strided_compress(va, vflags, vb, stat=stat, errmsg=message)
      call check_status(stat, STRIDED_E_SHAPE, message, 'out', 'an output of rank 2')
   end subroutine choices

   subroutine broadcasting()
      type(strided_view) :: across
      column = [(10.0_real64*k, k=1, 6)]
      row = [(100.0_real64*k, k=1, 5)]
      ! NumPy adds dimensions in front, so a vector is a row; a column gets a second dimension.
      call strided_add(va, vrow, vb)
      call check(all(b == a + spread(row, 1, 6)), 'a row is added to every row')
      call strided_view_expand_dims(vcol, [2], across)
      call strided_add(va, across, vb)
      call check(all(b == a + spread(column, 2, 5)), 'a column to every column')
      call strided_multiply(across, vrow, vb)
      call check(all([((b(i, j) == column(i)*row(j), i=1, 6), j=1, 5)]), 'an outer product')
      scalar = 3
      call strided_multiply(va, vs, vb)
      call check(all(b == 3*a), 'a scalar')
   end subroutine broadcasting

   subroutine overlaps()
      real(real64), target :: s(4, 4), kept(4, 4)
      type(strided_view) :: vs1, vs2
      s = reshape([(real(k, real64), k=1, 16)], [4, 4])
      kept = s
      call strided_from(s, vs1)
      call strided_view_transpose(vs1, vs2)
      call strided_add(vs1, vs2, vs1)
      call check(all(s == kept + transpose(kept)), 'a = a + transpose(a)')
      s = kept
      call strided_from(s(:, 1:3), vs1)
      call strided_from(s(:, 2:4), vs2)
      call strided_copy(vs1, vs2)
      call check(all(s(:, 2:4) == kept(:, 1:3)) .and. all(s(:, 1) == kept(:, 1)), 'a shift within one array')
      s = kept
      call strided_from(s, vs1)
      call strided_view_flip(vs1, vs2)
      call strided_copy(vs2, vs1)
      call check(all(s == kept(4:1:-1, 4:1:-1)), 'a reversal in place')
   end subroutine overlaps

   subroutine reductions()
      real(real64), target :: cube(4, 3, 2), planes(4, 2), flat(1, 5), three(3), running(6, 5)
      type(strided_view) :: v, w, t
      integer(c_int) :: stat
      character(len=200) :: message
      call strided_sum(va, vrow, dim=1)
      call check(all(row == sum(a, dim=1)), 'sum over dimension 1')
      call strided_sum(va, vcol, dim=2)
      call check(all(column == sum(a, dim=2)), 'sum over dimension 2')
      call strided_sum(va, vcol, dim=-1)
      call check(all(column == sum(a, dim=2)), 'sum over the last dimension')
      call strided_sum(va, vs)
      call check(scalar == sum(a), 'sum of all')
      call strided_from(flat, w)
      call strided_sum(va, w, dim=1, keepdims=.true.)
      call check(all(flat(1, :) == sum(a, dim=1)), 'keepdims')
      cube = reshape([(real(mod(7*k, 11) - 3, real64), k=1, 24)], [4, 3, 2])
      call strided_from(cube, v)
      call strided_from(planes, w)
      call strided_max(v, w, dim=2)
      call check(all(planes == maxval(cube, dim=2)), 'max over the middle')
      call strided_min(v, w, dim=2)
      call check(all(planes == minval(cube, dim=2)), 'min over the middle')
      call strided_from(three, w)
      call strided_sum(v, w, dim=[1, 3])
      call check(all(three == sum(sum(cube, dim=3), dim=1)), 'sum over two dimensions')
      call strided_prod(v, w, dim=[3, 1])
      call check(all(abs(three - [(product(cube(:, k, :)), k=1, 3)]) == 0), 'product over two dimensions')
      call strided_view_index(va, [strided_range(6, 1, -1), strided_range(1, 5, 2)], t)
      call strided_sum(t, vcol, dim=2)
      call check(all(column == sum(a(6:1:-1, 1:5:2), dim=2)), 'sum of a section')
      call strided_reduce(STRIDED_OP_MAX, va, vs)
      call check(scalar == 30, 'max of all')
      call strided_from(running, t)
      call strided_cumulative_sum(va, t, dim=2)
      call check(all(running(:, 5) == sum(a, dim=2)) .and. all(running(:, 1) == a(:, 1)), 'running sum')
      call strided_accumulate(STRIDED_OP_CUMULATIVE_MAX, va, t, dim=-2)
      call check(all(running(6, :) == maxval(a, dim=1)), 'running maximum')
      message = ''
      call strided_cumulative_sum(va, t, 3, stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, '3', 'a dimension that is not there')
   end subroutine reductions

   subroutine statistics()
      logical(c_bool), target :: flags(6, 5), truth
      integer(int64), target :: places(5), count_of
      real(real64), target :: initial
      complex(real64), target :: z(2) = [(0.0_real64, 1.0_real64), (2.0_real64, 0.0_real64)], product
      type(strided_view) :: vflags, vplaces, vcount, vtruth, vinitial, vz, vproduct
      integer(c_int) :: stat
      character(len=200) :: message
      call strided_from(flags, vflags)
      call strided_from(truth, vtruth)
      call strided_from(places, vplaces)
      call strided_from(count_of, vcount)
      call strided_from(initial, vinitial)
      call strided_from(z, vz)
      call strided_from(product, vproduct)
      call strided_mean(va, vrow, dim=1)
      call check(all(abs(row - sum(a, dim=1)/6) < 1.0e-12_real64), 'mean over dimension 1')
      call strided_var(va, vs)
      call check(abs(scalar - sum((a - sum(a)/30)**2)/30) < 1.0e-10_real64, 'variance')
      call strided_std(va, vs)
      call check(abs(scalar**2 - sum((a - sum(a)/30)**2)/30) < 1.0e-10_real64, 'standard deviation')
      call strided_norm(va, vs)
      call check(abs(scalar - norm2(a)) < 1.0e-12_real64, 'norm')
      flags = a > 12
      call strided_any(vflags, vtruth)
      call check(logical(truth), 'any')
      call strided_all(vflags, vtruth)
      call check(.not. logical(truth), 'all')
      call strided_count_nonzero(vflags, vcount)
      call check(count_of == count(flags), 'count')
      call strided_argmax(va, vplaces, dim=1)
      call check(all(places == 5), 'places of maxima count from 0')
      call strided_argmin(va, vcount)
      call check(count_of == 0, 'place of the minimum')
      call strided_reduce_with(STRIDED_OP_SUM, va, vs, mask=vflags)
      call check(scalar == sum(a, mask=flags .eqv. .true._c_bool), 'sum under a mask')
      initial = 100
      call strided_reduce_with(STRIDED_OP_MAX, va, vrow, dim=1, initial=vinitial)
      call check(all(row == 100), 'an initial value')
      call strided_reduce_with(STRIDED_OP_VAR, va, vs, ddof=1.0_real64)
      call check(abs(scalar - sum((a - sum(a)/30)**2)/29) < 1.0e-10_real64, 'degrees of freedom')
      message = ''
      call strided_reduce_with(STRIDED_OP_SUM, va, vs, ddof=1.0_real64, stat=stat, errmsg=message)
      call check_status(stat, STRIDED_E_VALUE, message, 'options', 'sums have no degrees of freedom')
      call strided_dot(va, va, vs)
      call check(scalar == sum(a*a), 'dot of all')
      call strided_dot(va, va, vcol, dim=2)
      call check(all(column == sum(a*a, dim=2)), 'dot over dimension 2')
      call strided_vdot(vz, vz, vproduct)
      call check(product == 5, 'vdot')
      call strided_dot(vz, vz, vproduct)
      call check(product == 3, 'dot of complex numbers')
   end subroutine statistics

   subroutine user_kernels()
      integer, target :: calls
      calls = 0
      call strided_from(c(5:1:-1, :), vc)
      call strided_view_transpose(vc, t)
      call strided_from(b, vb)
      b = 2
      call strided_foreach([va, vb, t], hypotenuse, c_loc(calls))
      call check(all(abs(transpose(c(5:1:-1, :)) - sqrt(a**2 + 4)) < 1.0e-14_real64), 'a kernel in Fortran')
      call check(calls >= 1, 'called for runs')
   end subroutine user_kernels

   subroutine texts()
      character(len=:), allocatable :: text
      integer(c_int) :: stat
      call strided_from(n(1:2, 1:3), t)
      call strided_format(t, text, stat)
      call check(stat == STRIDED_OK, 'format')
      if (allocated(text)) then
         call check(index(text, '[-14') > 0 .and. index(text, '-8') > 0, 'the elements as text')
      end if
      call strided_describe(t, text, stat)
      call check(stat == STRIDED_OK, 'describe')
      if (allocated(text)) call check(index(text, '24') > 0, 'the strides are described')
   end subroutine texts

   subroutine files()
      type(strided_array) :: array
      real(real64), pointer :: p(:, :)
      character(len=*), parameter :: path = 'compute_test.npy'
      integer :: unit
      call strided_from(a(6:1:-1, 1:5:2), t)
      call strided_npy_save(path, t)
      call strided_npy_load(path, array)
      call strided_from(array, t)
      call strided_to(t, p)
      call check(all(p == a(6:1:-1, 1:5:2)), 'written to a .npy file and read back')
      call strided_array_release(array)
      open (newunit=unit, file=path)
      close (unit, status='delete')
      call strided_set_num_threads(1)
   end subroutine files

end program compute
