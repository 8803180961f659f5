// What needs headers that Swift should not see through the one of this module.
// Before anything else: <spawn.h> shows GNU's calls to GNU programs only.
#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "CProcess.h"

int cprocess_set_folder(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

#if defined(__linux__)
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

pid_t cprocess_spawn_into(int group, const char *program, char *const argv[], int *failure) {
#if defined(SYS_clone3) && defined(CLONE_INTO_CGROUP)
  int told[2];
  *failure = 0;
  if (syscall(SYS_pipe2, told, O_CLOEXEC) != 0) return -1;
  struct clone_args how = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (uint64_t)group};
  pid_t pid = (pid_t)syscall(SYS_clone3, &how, sizeof how);
  if (pid == 0) {
    // A copy of a process with one thread: whatever may be called there may be called here.
    setsid();
    for (int number = 1; number < 65; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // As posix_spawnp: a file that is no program isn't handed to a shell.
    if (strchr(program, '/')) execv(program, argv);
    else execvp(program, argv);
    int reason = errno;
    if (write(told[1], &reason, sizeof reason) < 0) _exit(126);
    _exit(127);
  }
  close(told[1]);
  // Ends with nothing read as soon as the program has started, because that closes the pipe.
  int reason = 0;
  ssize_t length = -1;
  if (pid > 0) {
    do length = read(told[0], &reason, sizeof reason);
    while (length < 0 && errno == EINTR);
  }
  close(told[0]);
  if (length == (ssize_t)sizeof reason) {
    *failure = reason;
    waitpid(pid, NULL, 0);
  }
  return pid;
#else
  errno = ENOSYS;
  return -1;
#endif
}
#endif
