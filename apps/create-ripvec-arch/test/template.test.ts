import "../template/test/arch.test.js";
