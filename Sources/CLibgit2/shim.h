#ifndef PLAIT_CLIBGIT2_SHIM_H
#define PLAIT_CLIBGIT2_SHIM_H

#include <git2.h>

/* `git_libgit2_opts` is variadic, which Swift can't call. Each of these is one fixed use of it. */

/* Lets repositories with the named `extensions.*` settings be opened. */
static inline int plait_git_set_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

/* Makes objects, refs and indexes reach the disk (fsync) before a call returns. */
static inline int plait_git_set_fsync(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

/* Lets objects be read without computing their ids again. */
static inline int plait_git_set_hash_verification(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

#endif
