#ifndef PLAIT_CMARKDOWN_SHIM_H
#define PLAIT_CMARKDOWN_SHIM_H

#include <cmark-gfm.h>

#endif
