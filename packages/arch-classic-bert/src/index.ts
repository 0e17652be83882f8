export { classicBert, classicBert as arch } from "./classic-bert.js";
