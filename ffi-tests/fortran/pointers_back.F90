!> Views that come back as Fortran pointers: transposed, row-major, reversed, windows; and those that must not.
include 'checks.inc'

module points
   use, intrinsic :: iso_c_binding
   use strided
   implicit none
   type, bind(C) :: point_t
      real(c_double) :: x, y
      integer(c_int32_t) :: tag
   end type point_t

   ! What the manual tells to write for a derived type of one's own.
   interface
      function point_pointer(view, dtype, p) bind(C, name="strided_view_to_cfi") result(status)
         import :: point_t, strided_view, c_int32_t
         type(strided_view), intent(in) :: view
         integer(c_int32_t), value :: dtype
         type(point_t), pointer, intent(inout) :: p(..)
         integer(c_int32_t) :: status
      end function point_pointer
   end interface

   type :: holder_t
      real(real64), pointer :: p(:, :)
      real(real64), pointer :: n(:, :) => null()
   end type holder_t
   real(real64), pointer :: in_module(:, :)
   real(real64), pointer :: in_module_null(:, :) => null()
end module points

program pointers_back
   use, intrinsic :: iso_c_binding
   use strided
   use checks
   use points
   implicit none
   real(real64), target :: a(6, 5)
   real(real64), pointer :: p0, p(:), q(:, :), w(:, :, :), r(:, :, :, :)
   type(strided_view) :: v, t
   integer(c_int) :: stat
   character(len=200) :: message
   integer :: i, j, k
   a = reshape([(real(k, real64), k=1, 30)], [6, 5])

   call same_layouts()
   call transposed_and_reversed()
   call row_major_memory()
   call windows()
   call scalars_and_nothing()
   call strides_that_can_not_be()
   call wrong_pointers()
   call derived_types()
   call read_only_views()
   call pointers_that_never_pointed()
   call tally()

contains

   subroutine same_layouts()
      call strided_from(a, v)
      call strided_to(v, q)
      call check(associated(q, a), 'the whole array comes back as itself')
      call check(all(lbound(q) == 1) .and. all(ubound(q) == [6, 5]), 'with lower bounds of 1')
      call check(is_contiguous(q), 'and is contiguous to the compiler')
      call strided_from(a(2:6:2, 5:1:-2), v)
      call strided_to(v, q)
      call check(associated(q, a(2:6:2, 5:1:-2)), 'a section comes back as itself')
      call check(.not. is_contiguous(q), 'and is not contiguous')
      call check(all(q == a(2:6:2, 5:1:-2)), 'elements of the section')
      q(2, 3) = -1
      call check(a(4, 1) == -1, 'an assignment through the pointer')
      a(4, 1) = 4
      call check(sum(q) == sum(a(2:6:2, 5:1:-2)) .and. all(matmul(q, transpose(q)) == &
         matmul(a(2:6:2, 5:1:-2), transpose(a(2:6:2, 5:1:-2)))), 'the pointer in whole-array intrinsics')
      call check(total(q) == sum(q), 'and as an actual argument of explicit shape, which packs')
   end subroutine same_layouts

   function total(x) result(s)
      real(real64), intent(in) :: x(3, 3)
      real(real64) :: s
      s = sum(x)
   end function total

   subroutine transposed_and_reversed()
      call strided_from(a, v)
      call strided_view_transpose(v, t)
      call strided_to(t, q)
      call check(all(shape(q) == [5, 6]) .and. all(q == transpose(a)), 'transposed')
      call check(same(c_loc(q(2, 1)), c_loc(a(1, 2))), 'without a copy')
      q(5, 6) = 99
      call check(a(6, 5) == 99, 'and writable')
      a(6, 5) = 30
      call strided_view_flip(v, t)
      call strided_to(t, q)
      call check(all(q == a(6:1:-1, 5:1:-1)) .and. same(c_loc(q(1, 1)), c_loc(a(6, 5))), 'reversed')
      call strided_view_index(v, [strided_range(5, 1, -2), strided_at(2)], t)
      call strided_to(t, p)
      call check(all(p == a(5:1:-2, 2)) .and. associated(p, a(5:1:-2, 2)), 'an indexed section')
      call strided_view_reshape(v, [3, 2, 5], t)
      call strided_to(t, w)
      call check(all(w == reshape(a, [3, 2, 5])) .and. same(c_loc(w), c_loc(a)), 'reshaped')
      call strided_view_permute(t, [3, 1, 2], t)
      call strided_to(t, w)
      call check(all([((((w(k, i, j) == a(i + 3*(j - 1), k)), i=1, 3), j=1, 2), k=1, 5)]), 'and permuted')
      call strided_view_diagonal(v, t)
      call strided_to(t, p)
      call check(all(p == [(a(k, k), k=1, 5)]), 'the diagonal')
      p = 0
      call check(all([(a(k, k) == 0, k=1, 5)]) .and. count(a == 0) == 5, 'zeroed through the pointer')
      a = reshape([(real(k, real64), k=1, 30)], [6, 5])
   end subroutine transposed_and_reversed

   subroutine row_major_memory()
      real(real64), target :: memory(12)
      memory = [(real(k, real64), k=1, 12)]
      call strided_view_init(v, c_loc(memory), STRIDED_F64, [3, 4], order=STRIDED_ORDER_C)
      call strided_to(v, q)
      call check(all(q == transpose(reshape(memory, [4, 3]))), 'row-major memory is m(i, j) as C means it')
      call check(same(c_loc(q(1, 2)), c_loc(memory(2))), 'where the last subscript is the fastest')
      call strided_view_init(v, c_loc(memory(12)), STRIDED_F64, [2, 3], strides=[-32_c_int64_t, -8_c_int64_t])
      call strided_to(v, q)
      call check(all(q == reshape([12, 8, 11, 7, 10, 6], [2, 3])), 'row-major and backwards')
   end subroutine row_major_memory

   subroutine windows()
      real(real64), target :: x(7)
      x = [(real(k, real64)**2, k=1, 7)]
      call strided_from(x, v)
      call strided_view_sliding_window(v, [1], [3], t)
      call strided_to(t, q)
      call check(all(shape(q) == [5, 3]), 'windows of 3 in 7')
      call check(all([((q(i, j) == x(i + j - 1), i=1, 5), j=1, 3)]), 'overlap in one memory')
      call strided_from(a, v)
      call strided_view_sliding_window(v, [1, 2], [3, 2], t)
      call strided_to(t, r)
      call check(all(shape(r) == [4, 4, 3, 2]), 'windows of two dimensions')
      call check(all([(((sum(r(i, j, :, :)) == sum(a(i:i + 2, j:j + 1))), i=1, 4), j=1, 4)]), 'sums of them')
   end subroutine windows

   subroutine scalars_and_nothing()
      real(real64), target :: none(0, 3)
      call strided_from(a(3, 3), v)
      call strided_to(v, p0)
      call check(associated(p0, a(3, 3)), 'a view without dimensions to a scalar pointer')
      call strided_from(none, v)
      call strided_to(v, q)
      call check(associated(q) .eqv. associated(q), 'no crash with size 0')
      call check(size(q) == 0 .and. all(shape(q) == [0, 3]), 'size 0')
      call strided_view_init(v, c_null_ptr, STRIDED_F64, [4, 0])
      call strided_to(v, q)
      call check(all(shape(q) == [4, 0]), 'size 0 of no memory')
      call strided_from(a(2:2, 3:3), v)
      call strided_to(v, q)
      call check(all(shape(q) == 1) .and. q(1, 1) == a(2, 3), 'extents of 1')
      ! Strides that mean nothing, on an axis of extent 1.
      call strided_view_init(v, c_loc(a), STRIDED_F64, [1, 5], strides=[0_c_int64_t, 48_c_int64_t])
      call strided_to(v, q)
      call check(all(q(1, :) == a(1, :)), 'a stride of 0 on an extent of 1 does no harm')
   end subroutine scalars_and_nothing

   subroutine strides_that_can_not_be()
      type :: odd_t
         sequence
         real(real32) :: x
         real(real64) :: y
      end type odd_t
      type(odd_t), target :: odd(4)
      complex(real64), target :: z(4)
      real(real64), target, save :: x(3)
      character(len=12), target :: bytes(4)
      x = [1, 2, 3]
      p => x
      q => a
      call strided_from(x, v)
      call strided_view_broadcast_to(v, [2, 3], t)
      call strided_to(t, q, stat, message)
      call check_status(stat, STRIDED_E_NEEDS_COPY, message, 'stride 0', 'a broadcast view: stride 0')
      call check(associated(q, a), 'leaves the pointer alone')
      call check(index(message, 'axis 0') > 0 .and. index(message, 'counted from 0') > 0, 'the message names the axis')

      ! Eight bytes of every twelve.
      bytes = ''
      call strided_from(bytes, v)
      call strided_view_field(v, 0_c_int64_t, STRIDED_F64, t)
      call strided_to(t, p, stat, message)
      call check_status(stat, STRIDED_E_NEEDS_COPY, message, 'stride 12', 'a stride of 12 for items of 8')
      call check(associated(p, x), 'leaves the pointer alone too')
      call strided_from(odd%y, v, stat)
      if (stat == STRIDED_OK) call strided_to(v, p, stat)
      call check(stat == merge(STRIDED_OK, STRIDED_E_NEEDS_COPY, mod(v%strides(1), 8_c_int64_t) == 0), &
         'a component of a packed type')

      ! A multiple is fine, also between components.
      z = [(cmplx(k, 10*k, real64), k=1, 4)]
      call strided_from(z, v)
      call strided_view_imag(v, t)
      call strided_to(t, p, stat)
      call check(stat == STRIDED_OK .and. all(p == aimag(z)), 'imaginary parts')
      p = 0
      call check(all(z == [(cmplx(k, 0, real64), k=1, 4)]), 'zeroed through the pointer')
   end subroutine strides_that_can_not_be

   subroutine wrong_pointers()
      real(real32), pointer :: f(:, :)
      integer(int64), pointer :: n(:, :)
      real(real32), target :: still(2, 2)
      integer(int64), target :: numbers(2, 2)
      type(strided_view) :: never
      still = 0
      numbers = 0
      f => still
      n => numbers
      q => a
      call strided_from(a, v)
      call strided_to(v, f, stat, message)
      call check_status(stat, STRIDED_E_DTYPE, message, '', 'real32 pointer to real64 elements')
      call check(associated(f, still), 'left alone')
      call strided_to(v, n, stat, message)
      call check_status(stat, STRIDED_E_DTYPE, message, '', 'int64 pointer to real64 elements')
      call check(associated(n, numbers), 'left alone')
      call strided_to(v, p, stat, message)
      call check_status(stat, STRIDED_E_SHAPE, message, '', 'pointer of another rank')
      call strided_to(never, q, stat, message)
      call check(stat /= STRIDED_OK .and. associated(q, a), 'a view that was never set')
      ! The way around: say what the bytes are to be.
      call strided_view_reinterpret(v, STRIDED_I64, t)
      call strided_to(t, n, stat)
      call check(stat == STRIDED_OK .and. n(1, 1) == transfer(1.0_real64, 1_int64), 'reinterpreted')
   end subroutine wrong_pointers

   subroutine derived_types()
      type(point_t), target :: grid(4, 3)
      type(point_t), pointer :: pp(:, :)
      integer(c_int32_t) :: status
      grid%tag = reshape([(k, k=1, 12)], [4, 3])
      call strided_from_opaque(grid(4:1:-2, :), v)
      call strided_view_transpose(v, t)
      pp => grid
      status = point_pointer(t, STRIDED_OPAQUE, pp)
      call check(status == STRIDED_OK, 'an interface of the user for a derived type')
      call check(all(shape(pp) == [3, 2]) .and. all(pp%tag == transpose(grid(4:1:-2, :)%tag)), 'elements')
      pp(3, 2)%tag = -5
      call check(grid(2, 3)%tag == -5, 'written through it')
   end subroutine derived_types

   subroutine read_only_views()
      call strided_from(a, v)
      call strided_view_readonly(v, t)
      call strided_to(t, q, stat)
      call check(stat == STRIDED_OK .and. associated(q, a), 'a read-only view gives a pointer for reading')
      call check(t%flags == STRIDED_READONLY, 'and stays read-only to the library')
   end subroutine read_only_views

   !> gfortran 12 keeps no rank for these until they are assigned in Fortran; see module strided_pointers.
   subroutine pointers_that_never_pointed()
      real(real64), pointer :: local(:, :)
      real(real64), pointer, save :: saved(:, :)
      type(holder_t) :: holder
      type(holder_t), save :: still
      type(holder_t), allocatable :: made, many(:)
      type(strided_view) :: v
      allocate (made, many(2))
      call strided_from(a, v)
      call strided_to(v, local)
      call works(local, 'a local pointer')
      call strided_to(v, saved)
      call works(saved, 'a saved pointer')
      call strided_to(v, in_module)
      call works(in_module, 'a pointer of a module')
      call strided_to(v, in_module_null)
      call works(in_module_null, 'a pointer of a module, => null()')
      call strided_to(v, holder%p)
      call works(holder%p, 'a component')
      call strided_to(v, holder%n)
      call works(holder%n, 'a component, => null()')
      call strided_to(v, still%n)
      call works(still%n, 'a component of a saved variable')
      call strided_to(v, made%p)
      call works(made%p, 'a component of an allocatable')
      call strided_to(v, many(2)%n)
      call works(many(2)%n, 'a component of an element')
   end subroutine pointers_that_never_pointed

   subroutine works(p, what)
      real(real64), pointer, intent(in) :: p(:, :)
      character(len=*), intent(in) :: what
      logical :: good
      good = associated(p, a)
      ! Would crash with a descriptor that lacks its rank.
      if (good) good = all(reshape(p, [30]) == reshape(a, [30])) .and. all(shape(p) == [6, 5])
      call check(good, what)
   end subroutine works

end program pointers_back
