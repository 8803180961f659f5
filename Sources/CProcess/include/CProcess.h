#ifndef PLAIT_CPROCESS_H
#define PLAIT_CPROCESS_H

// The few calls that Swift can't make itself: variadic functions, those that its C library doesn't show it, and globals that it
// takes for unsafe.

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#elif defined(__APPLE__)
#include <crt_externs.h>
#include <libproc.h>
#include <mach/mach_time.h>
#include <sys/resource.h>
#endif

/// The flag of posix_spawn for a session of its own: in <spawn.h> only GNU programs get to see it.
#if defined(__APPLE__)
enum { CPROCESS_SPAWN_SETSID = 0x0400 };
#else
enum { CPROCESS_SPAWN_SETSID = 0x80 };
#endif

/// Makes posix_spawn start its process in the folder `path`; returns 0 or an error number.
int cprocess_set_folder(posix_spawn_file_actions_t *actions, const char *path);

/// Makes orphans of this process's descendants its own children, where the system can: elsewhere it fails with ENOSYS.
static inline int cprocess_become_subreaper(void) {
#if defined(__linux__)
  return prctl(PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L);
#else
  errno = ENOSYS;
  return -1;
#endif
}

/// Closes every descriptor from `first` on.
static inline void cprocess_close_from(int first) {
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0) return;
#endif
  int limit = getdtablesize();
  for (int descriptor = first; descriptor < limit; descriptor++) close(descriptor);
}

#if defined(__linux__)
/// Whether an open file has the extended attribute `name`; an attribute that this process may not read counts as none.
static inline int cprocess_has_attribute(int file, const char *name) { return fgetxattr(file, name, NULL, 0) >= 0; }

/// Starts a program as a member of the control group whose folder is open as `group`, in a session of its own, with default
/// signals and none blocked. Born there, and not moved: a move stops all processes of the machine for a moment.
///
/// Returns the process id; -1 when there is no such process. With `*failure` set, it has ended: its program could not be
/// started, and `*failure` is the error number.
pid_t cprocess_spawn_into(int group, const char *program, char *const argv[], int *failure);
#endif

/// The environment as the system handed it over.
static inline char *const *cprocess_environment(void) {
#if defined(__APPLE__)
  return *_NSGetEnviron();
#else
  extern char **environ;
  return environ;
#endif
}

#if defined(__APPLE__)
struct cprocess_facts {
  pid_t parent;
  int is_zombie;
  uint64_t user_nanoseconds, system_nanoseconds, written_bytes;
};

/// Fills in what is known of `pid`; returns 0, or -1 when there is no such process. Without the right to look at its use of
/// the machine, that is 0.
static inline int cprocess_look_up(pid_t pid, struct cprocess_facts *facts) {
  struct proc_bsdshortinfo info;
  if (proc_pidinfo(pid, PROC_PIDT_SHORTBSDINFO, 0, &info, sizeof info) != (int)sizeof info) return -1;
  facts->parent = (pid_t)info.pbsi_ppid;
  facts->is_zombie = info.pbsi_status == 5;  // SZOMB, which <sys/proc.h> keeps to the kernel
  facts->user_nanoseconds = facts->system_nanoseconds = facts->written_bytes = 0;
  struct rusage_info_v2 usage;
  mach_timebase_info_data_t base;
  if (mach_timebase_info(&base) == 0 && proc_pid_rusage(pid, RUSAGE_INFO_V2, (rusage_info_t *)&usage) == 0) {
    facts->user_nanoseconds = usage.ri_user_time * base.numer / base.denom;
    facts->system_nanoseconds = usage.ri_system_time * base.numer / base.denom;
    facts->written_bytes = usage.ri_diskio_byteswritten;
  }
  return 0;
}
#endif

#endif
