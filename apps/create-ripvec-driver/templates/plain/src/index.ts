/** Apps find a driver by the export `driver`, as in `ripvec --driver ripvec-driver-template`. */
export { type TemplateOptions, templateDriver, templateDriver as driver } from "./driver.js";
