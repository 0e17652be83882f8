#pragma once
#include "template/host_types.h"
