export { type CreateCommand, runCreate } from "./command.js";
export { CreateError } from "./create-error.js";
export { type CreateRequest, createProject } from "./create-project.js";
export type { Template } from "./template.js";
