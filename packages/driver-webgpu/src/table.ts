import type { Tensor } from "@ripvec/core";
import f32Text from "../prelude/table_f32.wgsl?raw";
import storageText from "../prelude/table_storage.wgsl?raw";
import { type Wgsl, wgsl } from "./shader.js";
import { storageOf } from "./storage.js";

const f32 = wgsl("table_f32", f32Text);
const asStorage = wgsl("table_storage", storageText);

/** `Table`, the type of a table's elements. */
export const tableElement = (table: Tensor): Wgsl =>
  storageOf(table).kind === "weight" ? f32 : asStorage;
