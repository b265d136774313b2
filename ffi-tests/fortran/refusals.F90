!> What is refused, with which status and message, and that nothing is changed then. Without stat= the program stops:
!! it runs itself once more for that.
include 'checks.inc'

program refusals
   use, intrinsic :: iso_c_binding
   use strided
   use checks
   implicit none
   real(real64), target :: a(6, 5)
   type(strided_view) :: v, t, before
   integer(c_int) :: stat
   character(len=200) :: message
   character(len=16) :: how

   a = 1
   call get_command_argument(1, how)
   select case (how)
   case ('stop')
      call strided_from(a, v)
      call strided_view_flip(v, t, [3])
      print '(a)', 'not stopped'
      stop 0
   case ('stop-errmsg')
      call strided_from(a, v)
      call strided_view_flip(v, t, [3], errmsg=message)
      stop 0
   case ('stop-from')
      call absent_array_stops()
      stop 0
   end select

   call strided_from(a, v)
   call strided_view_transpose(v, t)
   before = t
   call descriptors()
   call dimensions()
   call indices()
   call counts()
   call operations()
   call messages()
   call stops()
   call tally()

contains

   subroutine untouched(what)
      character(len=*), intent(in) :: what
      call check(t%ndim == before%ndim .and. same(t%data, before%data) .and. all(t%shape(:2) == before%shape(:2)) &
         .and. all(t%strides(:2) == before%strides(:2)) .and. t%dtype == before%dtype, what//': output left alone')
   end subroutine untouched

   subroutine descriptors()
      real(real64), pointer, save :: p(:) => null()
      real(real64), allocatable, target :: al(:, :)
      real(real32), target :: f(2)
      call strided_from(p, t, stat, message)
      call check_status(stat, STRIDED_E_VALUE, message, 'associated', 'a pointer to nothing')
      call untouched('a pointer to nothing')
      p => a(:, 1)
      nullify (p)
      call strided_from(p, t, stat, message)
      call check_status(stat, STRIDED_E_VALUE, message, 'associated', 'a pointer that was nullified')
      call strided_from(al, t, stat, message)
      call check_status(stat, STRIDED_E_VALUE, message, 'allocated', 'an array without allocation')
      call absent_array(stat, message)
      call check_status(stat, STRIDED_E_NULL, message, '', 'an absent optional argument')
      call absent_scalar(stat, message)
      call check_status(stat, STRIDED_E_NULL, message, '', 'an absent optional scalar')
      call strided_from_any(a, STRIDED_F32, t, stat, message)
      call check(stat == STRIDED_E_VALUE .or. stat == STRIDED_E_DTYPE, 'a dtype of another size')
      call untouched('a dtype of another size')
      call strided_from_any(f, 77, t, stat, message)
      call check_status(stat, STRIDED_E_ENUM, message, '77', 'no dtype')
      call characters_of(0)
   end subroutine descriptors

   subroutine characters_of(length)
      integer, intent(in) :: length
      character(len=length), target :: nothing(3)
      call strided_from(nothing, t, stat, message)
      call check_status(stat, STRIDED_E_VALUE, message, 'byte', 'characters of length 0')
      call untouched('characters of length 0')
   end subroutine characters_of

   subroutine absent_array(stat, message, array)
      integer(c_int), intent(out) :: stat
      character(len=*), intent(inout) :: message
      real(real64), intent(in), target, optional :: array(:, :)
      call strided_from_any(array, STRIDED_F64, t, stat, message)
      call untouched('an absent optional argument')
      call strided_from_opaque(array, t, stat, message)
   end subroutine absent_array

   subroutine absent_scalar(stat, message, scalar)
      integer(c_int), intent(out) :: stat
      character(len=*), intent(inout) :: message
      real(real64), intent(in), target, optional :: scalar
      call strided_from_any(scalar, STRIDED_F64, t, stat, message)
   end subroutine absent_scalar

   subroutine absent_array_stops(array)
      real(real64), intent(in), target, optional :: array(:, :)
      call strided_from_opaque(array, t)
   end subroutine absent_array_stops

   subroutine dimensions()
      call strided_view_flip(v, t, [3], stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension 3', 'dimension 3 of 2')
      call untouched('dimension 3 of 2')
      call strided_view_flip(v, t, [0], stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension 0', 'dimension 0')
      call strided_view_flip(v, t, [-3], stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension -3', 'dimension -3')
      call strided_view_flip(v, t, [1, 1], stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, '', 'a dimension twice')
      call strided_view_flip(v, t, [huge(1)], stat, message)
      call check(stat == STRIDED_E_AXIS, 'a huge dimension')
      call strided_view_permute(v, [1], t, stat, message)
      call check_status(stat, STRIDED_E_SHAPE, message, 'every dimension', 'too few axes')
      call strided_view_permute(v, [1, 1], t, stat, message)
      call check(stat == STRIDED_E_AXIS, 'axes not a permutation')
      call strided_view_swapaxes(v, 1, 5, t, stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension 5', 'swapaxes')
      call strided_view_moveaxis(v, [1], [1, 2], t, stat, message)
      call check_status(stat, STRIDED_E_SHAPE, message, 'length', 'moveaxis')
      call strided_view_squeeze(v, t, [1], stat, message)
      call check(stat /= STRIDED_OK, 'squeeze of an extent above 1')
      call strided_view_expand_dims(v, [5], t, stat, message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension 5', 'expand_dims beyond the result')
      call strided_view_diagonal(v, t, a=1, b=1, stat=stat)
      call check(stat == STRIDED_E_AXIS, 'diagonal of one dimension')
      call strided_view_rot90(v, 1, 2, 2, t, stat)
      call check(stat /= STRIDED_OK, 'rot90 in one dimension')
      call strided_view_split(v, 3, 1, 4, t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'part', 'part 4 of 3')
      call strided_view_split(v, 3, 1, 0, t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'part', 'part 0 of 3')
      call strided_view_split(v, 0, 1, 1, t, stat, message)
      call check(stat /= STRIDED_OK, 'no sections')
      call untouched('all these')
   end subroutine dimensions

   subroutine indices()
      call strided_view_index(v, [strided_range(0, 3)], t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'dimension 1 of extent 6', 'a section from 0')
      call strided_view_index(v, [strided_range(), strided_range(2, 6)], t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'dimension 2 of extent 5', 'a section beyond the end')
      call strided_view_index(v, [strided_range(5, 0, -1)], t, stat, message)
      call check(stat == STRIDED_E_INDEX, 'a section down to 0')
      call strided_view_index(v, [strided_range(step=0)], t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'step', 'a step of 0')
      call strided_view_index(v, [strided_at(7)], t, stat, message)
      call check(stat == STRIDED_E_INDEX, 'element 7 of 6')
      call strided_view_index(v, [strided_at(0)], t, stat, message)
      call check(stat == STRIDED_E_INDEX, 'element 0')
      call strided_view_index(v, [strided_at(-1)], t, stat, message)
      call check(stat == STRIDED_E_INDEX, 'element -1: Fortran has no counting from the end')
      call strided_view_index(v, [strided_ellipsis(), strided_at(6)], t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, 'dimension 2', 'behind an ellipsis')
      call strided_view_index(v, [strided_at(1), strided_at(1), strided_at(1)], t, stat, message)
      call check_status(stat, STRIDED_E_INDEX, message, '3', 'too many items')
      call strided_view_index(v, [strided_ellipsis(), strided_ellipsis()], t, stat, message)
      call check(stat == STRIDED_E_INDEX, 'two ellipses')
      call strided_view_index(v, [strided_range(1_int64, huge(1_int64))], t, stat)
      call check(stat == STRIDED_E_INDEX, 'a huge end')
      call strided_view_index(v, [strided_range(6_int64, -huge(1_int64), -1_int64)], t, stat)
      call check(stat == STRIDED_E_INDEX, 'a huge negative end')
      call strided_view_index(v, [strided_range(-huge(1_int64), huge(1_int64), huge(1_int64))], t, stat)
      call check(stat == STRIDED_E_INDEX, 'huge bounds and step')
      call strided_view_index(v, [strided_range(2_int64, 6_int64, huge(1_int64))], t, stat)
      call check(stat == STRIDED_OK .and. t%shape(1) == 1, 'a huge step takes the first element')
      t = before
      call strided_view_address(v, [7_int64, 1_int64], t%data, stat)
      call check(stat == STRIDED_E_INDEX, 'address outside')
      call strided_view_address(v, [0_int64, 1_int64], t%data, stat)
      call check(stat == STRIDED_E_INDEX, 'address at 0')
      call untouched('all these')
   end subroutine indices

   subroutine counts()
      call strided_view_reshape(v, [7, 5], t, stat=stat, errmsg=message)
      call check(stat == STRIDED_E_SHAPE, 'reshape to another size')
      call strided_view_reshape(v, [-1, -1], t, stat=stat)
      call check(stat == STRIDED_E_SHAPE, 'two open extents')
      call strided_view_reshape(v, [6, 5], t, order=9, stat=stat, errmsg=message)
      call check_status(stat, STRIDED_E_ENUM, message, '9', 'no order')
      call strided_view_broadcast_to(v, [6, 4], t, stat, message)
      call check(stat == STRIDED_E_BROADCAST, 'broadcast to other extents')
      call check(index(message, 'strided_view_broadcast_to') > 0, 'the message names the function')
      call strided_view_sliding_window(v, [1], [7], t, stat, message)
      call check(stat /= STRIDED_OK, 'a window longer than the extent')
      call strided_view_sliding_window(v, [1], [2, 2], t, stat, message)
      call check_status(stat, STRIDED_E_SHAPE, message, 'length', 'windows and dimensions')
      call strided_view_init(t, c_loc(a), STRIDED_F64, [6, 5], strides=[8_int64], stat=stat, errmsg=message)
      call check_status(stat, STRIDED_E_SHAPE, message, 'length', 'shape and strides')
      call strided_view_init(t, c_null_ptr, STRIDED_F64, [6, 5], stat=stat)
      call check(stat == STRIDED_E_NULL, 'elements at NULL')
      call strided_view_init(t, c_loc(a), STRIDED_F64, [6, -5], stat=stat)
      call check(stat == STRIDED_E_SHAPE, 'a negative extent')
      call strided_view_init(t, c_loc(a), STRIDED_F64, spread(1, 1, 65), stat=stat)
      call check(stat == STRIDED_E_NDIM, '65 dimensions')
      call strided_view_init_opaque(t, c_loc(a), 0_int64, [6, 5], stat=stat)
      call check(stat == STRIDED_E_VALUE, 'items of 0 bytes')
      call strided_view_field(v, 4_int64, STRIDED_F64, t, stat)
      call check(stat /= STRIDED_OK, 'a field beyond the item')
      call strided_view_real(v, t, stat)
      call check(stat == STRIDED_OK .or. stat == STRIDED_E_DTYPE, 'the real part of a real')
      t = before
      call untouched('all these')
   end subroutine counts

   subroutine operations()
      type(strided_view) :: constant, wide, never
      real(real64), target :: b(6, 5), row(5)
      integer(int32), target :: n(6, 5)
      type(strided_view) :: vb, vr, vn
      b = 7
      n = 7
      row = 1
      call strided_from(b, vb)
      call strided_from(n, vn)
      call strided_from(row, vr)
      call strided_view_readonly(vb, constant)
      call strided_fill(constant, 0.0_real64, stat, message)
      call check_status(stat, STRIDED_E_READONLY, message, '', 'a fill of a read-only view')
      call strided_view_broadcast_to(vr, [6, 5], wide)
      wide%flags = 0
      call strided_fill(wide, 0.0_real64, stat, message)
      call check_status(stat, STRIDED_E_SELF_OVERLAP, message, '', 'a fill of a broadcast view')
      call strided_copy(v, vn, stat, message)
      call check_status(stat, STRIDED_E_CASTING, message, '', 'a copy of real to integer')
      call strided_copy(vb, vr, stat, message)
      call check(stat == STRIDED_E_BROADCAST .or. stat == STRIDED_E_SHAPE, 'a copy to fewer elements')
      call strided_add(v, v, vr, stat, message)
      call check(stat == STRIDED_E_BROADCAST .or. stat == STRIDED_E_SHAPE, 'a sum of another shape')
      call strided_binary(99999, v, v, vb, stat, message)
      call check_status(stat, STRIDED_E_ENUM, message, '99999', 'no operation')
      call strided_reduce(STRIDED_OP_ADD, v, vb, stat=stat)
      call check(stat == STRIDED_E_ENUM, 'no reduction')
      call strided_sum(v, vr, dim=3, stat=stat, errmsg=message)
      call check_status(stat, STRIDED_E_AXIS, message, 'dimension 3', 'a sum over dimension 3 of 2')
      call strided_sum(v, vr, dim=2, stat=stat)
      call check(stat == STRIDED_E_SHAPE, 'a sum into the wrong extent')
      call strided_sum(v, vr, dim=[1, 1], stat=stat)
      call check(stat == STRIDED_E_AXIS, 'a sum over one dimension twice')
      call strided_add(never, v, vb, stat, message)
      call check(stat /= STRIDED_OK, 'a view that was never set')
      call check(all(b == 7) .and. all(n == 7) .and. all(row == 1), 'nothing was written by all these')
      call strided_npy_save('/no/such/folder/file.npy', v, stat, message)
      call check(stat /= STRIDED_OK .and. len_trim(message) > 0, 'a file that can not be written')
      call strided_set_num_threads(-1, stat)
      call check(stat /= STRIDED_OK, '-1 threads')
   end subroutine operations

   subroutine messages()
      character(len=12) :: short
      character(len=400) :: long
      message = 'as it was'
      stat = 99
      call strided_view_flip(v, t, stat=stat, errmsg=message)
      call check(stat == STRIDED_OK .and. message == 'as it was', 'success: stat 0, errmsg left alone')
      call strided_from(a, v, stat, message)
      call check(stat == STRIDED_OK .and. message == 'as it was', 'success of strided_from')
      call strided_from_any(a, 77, t, stat, short)
      call check(short == 'strided_view', 'a short errmsg is cut')
      long = repeat('x', 400)
      call strided_from_any(a, 77, t, stat, long)
      call check(len_trim(long) < 390 .and. index(long, 'xx') == 0, 'a long one is filled up with blanks')
      long = repeat('x', 400)
      call strided_view_reshape(v, [7, 5], t, stat=stat, errmsg=long)
      call check(len_trim(long) < 390 .and. index(long, 'xx') == 0, 'also from a module procedure')
      call check(trim(long) == strided_last_error(), 'and is the last error')
      call strided_from_any(array=a, view=t, dtype=STRIDED_F64, errmsg=message)
      call strided_from(view=t, array=a, stat=stat)
      call check(stat == STRIDED_OK, 'arguments by keyword')
   end subroutine messages

   subroutine stops()
      call runs('stop', 'dimension 3')
      call runs('stop-errmsg', 'dimension 3')
      call runs('stop-from', 'STRIDED_E_NULL')
   end subroutine stops

   !> Runs this program again and looks whether it stopped with this message.
   subroutine runs(argument, text)
      character(len=*), intent(in) :: argument, text
      character(len=512) :: program, line
      character(len=*), parameter :: log = 'refusals_stop.log'
      integer :: code, problem, missing, unit
      character(len=*), parameter :: here = './'
      logical :: found
      call get_command_argument(0, program)
      if (index(program, '/') == 0) program = here//program(:len(program) - len(here))
      code = 0
      problem = 0
      ! flang gives the failure of the command in cmdstat as well.
      call execute_command_line("'"//trim(program)//"' "//argument//' > '//log//' 2>&1', exitstat=code, cmdstat=problem)
      open (newunit=unit, file=log, status='old', action='read', iostat=missing)
      if (missing /= 0) then
         call skip('no shell to run the program again')
         return
      end if
      call check(code /= 0 .or. problem /= 0, argument//': without stat= the program stops')
      found = .false.
      do
         read (unit, '(a)', iostat=problem) line
         if (problem /= 0) exit
         found = found .or. index(line, text) > 0
      end do
      close (unit, status='delete')
      call check(found, argument//': and says why')
   end subroutine runs

end program refusals
