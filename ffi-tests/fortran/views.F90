!> The view algebra, held against Fortran's own intrinsics and sections.
include 'checks.inc'

program views
   use, intrinsic :: iso_c_binding
   use strided
   use checks
   implicit none
   integer(int32), target :: a(6, 5), cube(4, 3, 5)
   integer(int32), pointer :: p(:), q(:, :), r(:, :, :)
   type(strided_view) :: v, t
   integer :: i, j, k
   a = reshape([(k, k=1, 30)], [6, 5])
   cube = reshape([(k, k=1, 60)], [4, 3, 5])

   call permutations()
   call sections()
   call every_section()
   call dimensions()
   call shapes()
   call parts()
   call bytes()
   call in_place()
   call questions()
   call tally()

contains

   subroutine permutations()
      call strided_from(cube, v)
      call strided_view_transpose(v, t)
      call strided_to(t, r)
      call check(all(shape(r) == [5, 3, 4]) .and. all([(((r(k, j, i) == cube(i, j, k), i=1, 4), j=1, 3), k=1, 5)]), &
         'transpose reverses all dimensions')
      call strided_view_permute(v, [2, 3, 1], t)
      call strided_to(t, r)
      call check(all(shape(r) == [3, 5, 4]) .and. all([(((r(j, k, i) == cube(i, j, k), i=1, 4), j=1, 3), k=1, 5)]), &
         'permute: dimension axes(k) of the input is dimension k of the result')
      call strided_view_transpose(v, t, dims=[2, 3, 1])
      call check(all(strided_view_shape(t) == [3, 5, 4]), 'transpose with dims is the same')
      call strided_view_permute(v, [-1, 1, -2], t)
      call check(all(strided_view_shape(t) == [5, 4, 3]), 'negative dimensions count from the end')
      call strided_view_swapaxes(v, 1, 3, t)
      call strided_to(t, r)
      call check(all([(((r(k, j, i) == cube(i, j, k), i=1, 4), j=1, 3), k=1, 5)]), 'swapaxes')
      call strided_view_moveaxis(v, [1], [3], t)
      call strided_to(t, r)
      call check(all([(((r(j, k, i) == cube(i, j, k), i=1, 4), j=1, 3), k=1, 5)]), 'moveaxis')
      call strided_view_flip(v, t, [2])
      call strided_to(t, r)
      call check(all(r == cube(:, 3:1:-1, :)), 'flip of dimension 2')
      call strided_view_flip(v, t, [-1, 1])
      call strided_to(t, r)
      call check(all(r == cube(4:1:-1, :, 5:1:-1)), 'flip of the first and the last')
      call strided_from(a, v)
      call strided_view_rot90(v, 1, 1, 2, t)
      call strided_to(t, q)
      call check(all(shape(q) == [5, 6]) .and. all([((q(i, j) == a(j, 6 - i), i=1, 5), j=1, 6)]), 'rot90, as NumPy')
   end subroutine permutations

   subroutine sections()
      call strided_from(cube, v)
      call strided_view_index(v, [strided_range(2, 4, 2), strided_range(), strided_at(4)], t)
      call strided_to(t, q)
      call check(associated(q, cube(2:4:2, :, 4)), 'cube(2:4:2, :, 4)')
      call strided_view_index(v, [strided_ellipsis(), strided_range(5, 2, -2)], t)
      call strided_to(t, r)
      call check(associated(r, cube(:, :, 5:2:-2)), 'ellipsis, 5:2:-2')
      call strided_view_index(v, [strided_range(step=-1), strided_at(2)], t)
      call strided_to(t, q)
      call check(associated(q, cube(4:1:-1, 2, :)), '::-1, 2, and the rest whole')
      call strided_view_index(v, [strided_range(hi=2), strided_range(lo=2), strided_range(lo=2, step=3)], t)
      call strided_to(t, r)
      call check(associated(r, cube(:2, 2:, 2::3)), ':2, 2:, 2::3')
      call strided_view_index(v, [strided_at(1), strided_newaxis(), strided_ellipsis()], t)
      call check(all(strided_view_shape(t) == [1, 3, 5]), 'newaxis')
      call strided_view_index(v, [strided_range(2_int64, 3_int64), strided_at(1_int64), strided_at(5)], t)
      call strided_to(t, p)
      call check(associated(p, cube(2:3, 1, 5)), 'int64 bounds')
      call strided_view_index(v, [strided_at(4), strided_at(3), strided_at(5)], t)
      call check(t%ndim == 0 .and. same(t%data, c_loc(cube(4, 3, 5))), 'one element')
      call strided_view_index(v, [strided_range(3, 2)], t)
      call check(all(strided_view_shape(t) == [0, 3, 5]), '3:2 is empty')
      call strided_view_index(v, [strided_range(100, 50)], t)
      call check(all(strided_view_shape(t) == [0, 3, 5]), '100:50 is empty, as in Fortran')
      call strided_view_index(v, [strided_range(1, 5, 5)], t)
      call check(all(strided_view_shape(t) == [1, 3, 5]), '1:5:5 of 4: the end need not exist, the elements must')
   end subroutine sections

   !> All sections of one dimension, against Fortran's own.
   subroutine every_section()
      integer(int32), target :: x(5)
      integer :: lo, hi, step, wrong, tried
      integer(c_int) :: stat
      x = [1, 2, 3, 4, 5]
      call strided_from(x, v)
      wrong = 0
      tried = 0
      do lo = 1, 5
         do hi = 1, 5
            do step = -6, 6
               if (step == 0) cycle
               tried = tried + 1
               call strided_view_index(v, [strided_range(lo, hi, step)], t, stat)
               if (stat /= STRIDED_OK) then
                  wrong = wrong + 1
                  cycle
               end if
               call strided_to(t, p)
               if (size(p) /= size(x(lo:hi:step))) then
                  wrong = wrong + 1
               else if (any(p /= x(lo:hi:step))) then
                  wrong = wrong + 1
               end if
            end do
         end do
      end do
      call check(wrong == 0 .and. tried == 300, '300 sections')
   end subroutine every_section

   subroutine dimensions()
      call strided_from(a, v)
      call strided_view_expand_dims(v, [1, 4], t)
      call check(all(strided_view_shape(t) == [1, 6, 5, 1]), 'expand_dims: places in the result')
      call strided_view_expand_dims(v, [-1], t)
      call check(all(strided_view_shape(t) == [6, 5, 1]), 'expand_dims at the end')
      call strided_view_squeeze(t, t)
      call check(all(strided_view_shape(t) == [6, 5]), 'squeeze')
      call strided_view_expand_dims(v, [1, 2], t)
      call strided_view_squeeze(t, t, [2])
      call check(all(strided_view_shape(t) == [1, 6, 5]), 'squeeze of one')
      call strided_view_broadcast_to(v, [3, 6, 5], t)
      call check(all(strided_view_shape(t) == [3, 6, 5]) .and. all(strided_view_strides(t) == [0, 4, 24]), &
         'broadcast_to adds dimensions in front, with stride 0')
      call check(t%flags == STRIDED_READONLY, 'and is read-only')
      call strided_view_broadcast_to(v, [3_int64, 6_int64, 5_int64], t)
      call check(t%ndim == 3, 'int64 extents')
   end subroutine dimensions

   subroutine shapes()
      integer(c_int) :: stat
      call strided_from(a, v)
      call strided_view_reshape(v, [2, 3, 5], t)
      call strided_to(t, r)
      call check(all(r == reshape(a, [2, 3, 5])), 'reshape in column-major order')
      call strided_view_reshape(v, [10, -1], t)
      call strided_to(t, q)
      call check(all(q == reshape(a, [10, 3])), 'one extent left open')
      call strided_view_reshape(v, [30], t, order=STRIDED_ORDER_C, stat=stat)
      call check(stat == STRIDED_E_NEEDS_COPY, 'row-major order of a column-major array needs a copy')
      call strided_view_ravel(v, t)
      call strided_to(t, p)
      call check(all(p == reshape(a, [30])), 'ravel')
      call strided_view_transpose(v, t)
      call strided_view_ravel(t, t, order=STRIDED_ORDER_C)
      call strided_to(t, p)
      call check(all(p == reshape(a, [30])), 'ravel of the transpose in row-major order')
   end subroutine shapes

   subroutine parts()
      call strided_from(a, v)
      call strided_view_diagonal(v, t)
      call strided_to(t, p)
      call check(all(p == [(a(k, k), k=1, 5)]), 'diagonal')
      call strided_view_diagonal(v, t, offset=1)
      call strided_to(t, p)
      call check(all(p == [(a(k, k + 1), k=1, 4)]), 'diagonal one column on')
      call strided_view_diagonal(v, t, offset=-2)
      call strided_to(t, p)
      call check(all(p == [(a(k + 2, k), k=1, 4)]), 'diagonal two rows down')
      call strided_from(cube, v)
      call strided_view_diagonal(v, t, a=2, b=3)
      call strided_to(t, q)
      call check(all(shape(q) == [4, 3]) .and. all([((q(i, k) == cube(i, k, k), i=1, 4), k=1, 3)]), &
         'diagonal of dimensions 2 and 3')
      call strided_from(a, v)
      call strided_view_split(v, 4, 1, 1, t)
      call strided_to(t, q)
      call check(associated(q, a(1:2, :)), 'split: the first of four parts of 6')
      call strided_view_split(v, 4, 1, 4, t)
      call strided_to(t, q)
      call check(associated(q, a(6:6, :)), 'split: the last')
      call strided_view_sliding_window(v, [2], [2], t)
      call strided_to(t, r)
      call check(all(shape(r) == [6, 4, 2]) .and. all([((all(r(i, j, :) == a(i, j:j + 1)), i=1, 6), j=1, 4)]), &
         'sliding window along dimension 2')
      call strided_view_as_strided(v, [5_int64, 2_int64], [28_int64, -4_int64], c_loc(a), 120_int64, t, stat=k)
      call check(k == STRIDED_E_BOUNDS, 'as_strided before the block')
      call strided_from(a(2, 1), v)
      call strided_view_as_strided(v, [4_int64, 2_int64], [28_int64, -4_int64], c_loc(a), 120_int64, t)
      call strided_to(t, q)
      call check(all([((q(i, j) == a(i + 2 - j, i), i=1, 4), j=1, 2)]), 'as_strided: two diagonals')
   end subroutine parts

   subroutine bytes()
      complex(real64), target :: z(3)
      real(real64), pointer :: x(:)
      integer(int16), pointer :: halves(:, :)
      character(len=8), target :: words(2)
      z = [(1, 2), (3, 4), (5, 6)]
      call strided_from(z, v)
      call strided_view_real(v, t)
      call strided_to(t, x)
      call check(all(x == [1, 3, 5]), 'real')
      call strided_view_imag(v, t)
      call strided_to(t, x)
      call check(all(x == [2, 4, 6]), 'imag')
      call strided_view_field(v, 8_int64, STRIDED_F64, t)
      call strided_to(t, x)
      call check(all(x == [2, 4, 6]), 'field at byte 8')
      call strided_view_field_opaque(v, 4_int64, 8_int64, t)
      call check(t%dtype == STRIDED_OPAQUE .and. t%itemsize == 8 .and. t%strides(1) == 16, 'opaque field')
      words = ['abcdefgh', 'ijklmnop']
      call strided_from(words, v)
      call strided_view_reinterpret(v, STRIDED_U8, t, stat=k)
      call check(k /= STRIDED_OK .or. t%itemsize == 1, 'opaque items reinterpreted or refused')
      call strided_from(cube, v)
      call strided_view_transpose(v, t)
      call strided_view_reinterpret(t, STRIDED_I16, t)
      call check(all(strided_view_shape(t) == [5, 3, 8]), 'reinterpret: the last dimension gets longer')
      call strided_view_index(t, [strided_at(2)], t)
      call strided_view_transpose(t, t)
      call strided_to(t, halves)
      call check(halves(1, 1) == cube(1, 1, 2) .and. halves(7, 3) == cube(4, 3, 2), 'low halves (little-endian)')
      call strided_view_init(v, c_loc(a), STRIDED_I32, [6, 5])
      call strided_to(v, q)
      call check(associated(q, a), 'init is column-major unless told otherwise')
      call strided_view_init_opaque(v, c_loc(a), 12_int64, [2, 5])
      call check(v%itemsize == 12 .and. all(strided_view_strides(v) == [12, 24]), 'init of opaque items')
      call strided_view_check(v, c_loc(a), 120_int64, stat=k)
      call check(k == STRIDED_OK, 'inside the block')
      call strided_view_check(v, c_loc(a), 119_int64, stat=k)
      call check(k == STRIDED_E_BOUNDS, 'one byte short')
   end subroutine bytes

   subroutine in_place()
      call strided_from(cube, v)
      call strided_view_transpose(v, v)
      call strided_view_flip(v, v, [1])
      call strided_view_index(v, [strided_at(1), strided_ellipsis()], v)
      call strided_view_swapaxes(v, 1, 2, v)
      call strided_to(v, q)
      call check(associated(q, cube(:, :, 5)), 'one variable as input and output')
      v = t
      call check(v%ndim == t%ndim .and. same(v%data, t%data), 'views are values')
   end subroutine in_place

   subroutine questions()
      logical :: answer
      integer(int64) :: low, high
      type(c_ptr) :: where
      character(len=:), allocatable :: text
      call strided_from(a, v)
      call check(strided_view_size(v) == 30, 'size')
      call check(all(strided_view_shape(v) == shape(a)), 'shape')
      call check(all(strided_view_strides(v) == [4, 24]), 'strides in bytes')
      call check(iand(strided_view_query(v), STRIDED_IS_F_CONTIGUOUS + STRIDED_IS_ALIGNED + STRIDED_IS_WRITEABLE) == &
         STRIDED_IS_F_CONTIGUOUS + STRIDED_IS_ALIGNED + STRIDED_IS_WRITEABLE, 'query')
      call strided_view_transpose(v, t)
      call check(iand(strided_view_query(t), STRIDED_IS_C_CONTIGUOUS + STRIDED_IS_F_CONTIGUOUS) == STRIDED_IS_C_CONTIGUOUS, &
         'the transpose is C-contiguous')
      call strided_view_flip(v, t)
      low = 0
      high = 0
      call strided_view_extent(t, low, high)
      call check(low == -116 .and. high == 4, 'extent of a reversed view')
      call strided_view_address(v, [3_int64, 4_int64], where)
      call check(same(where, c_loc(a(3, 4))), 'address of element (3, 4)')
      call strided_from(a(1:6:2, :), v)
      call strided_from(a(2:6:2, :), t)
      answer = .false.
      call strided_view_overlap(v, t, answer)
      call check(answer, 'odd and even rows overlap by their bounds')
      call strided_view_overlap(v, t, answer, exact=.true.)
      call check(.not. answer, 'but not exactly')
      call check(len(strided_version()) >= 5, 'version '//strided_version())
      call check(len(strided_simd_level()) > 0, 'instructions: '//strided_simd_level())
      text = strided_dtype_name(STRIDED_F64)
      call check(len(text) > 0 .and. strided_dtype_name(-5) /= text, 'dtype names')
      call check(strided_dtype_size(STRIDED_C128) == 16 .and. strided_dtype_size(STRIDED_OPAQUE) == 0, 'dtype sizes')
      call check(strided_status_name(STRIDED_E_AXIS) == 'STRIDED_E_AXIS', 'status names')
      call strided_result_type(STRIDED_I32, STRIDED_F32, k)
      call check(k == STRIDED_F64, 'int32 and float32 give float64')
      call strided_can_cast(STRIDED_F64, STRIDED_F32, STRIDED_CAST_SAFE, answer)
      call check(.not. answer, 'float64 to float32 is not safe')
      call strided_can_cast(STRIDED_F64, STRIDED_F32, STRIDED_CAST_SAME_KIND, answer)
      call check(answer, 'but of the same kind')
   end subroutine questions

end program views
