#pragma once
#include "template/host_operands.h"
