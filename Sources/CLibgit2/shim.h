#ifndef PLAIT_CLIBGIT2_SHIM_H
#define PLAIT_CLIBGIT2_SHIM_H

#include <git2.h>

#endif
