import { arch } from "./arch.js";

/** The tools of ripvec look for the name `arch`. */
export { arch, arch as myArch };
