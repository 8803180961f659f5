// Everything is in the header; the package manager wants one file that it can compile.
#include "CProcess.h"
