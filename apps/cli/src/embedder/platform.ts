import type { Driver, ModelArch } from "@ripvec/core";

/** What a driver gets when it is opened. A driver ignores what does not concern it. */
export interface DriverSettings {
  readonly threads?: number | undefined;
}

/**
 * Opens a driver, as `cpu` and `webgpu` do. It is called with `DriverSettings`, and without an
 * argument when none is set.
 */
export type OpenDriver = (settings?: object) => Promise<Driver>;

/** A driver that has a short name. */
export interface KnownDriver {
  readonly name: string;
  /** Whether "auto" tries it. */
  readonly isAutomatic: boolean;
  /** Rejects with DriverUnavailableError, which says what to do. */
  readonly open: OpenDriver;
}

/** The kind of a package for ripvec, which is also the name of its export. */
export type PartKind = "driver" | "arch";

/** What differs between Node and browsers when a driver and an architecture are found. */
export interface Platform {
  /** Best first: the order in which "auto" tries them. */
  readonly drivers: readonly KnownDriver[];
  /** The architectures that a model's config chooses from. */
  readonly archs: readonly ModelArch[];
  /**
   * Imports the package or the file with this name. `supported` holds the short names, for the
   * error. Throws UnsupportedError when there is none, and InputError when it cannot be loaded.
   */
  importPackage(kind: PartKind, name: string, supported: readonly string[]): Promise<object>;
}
