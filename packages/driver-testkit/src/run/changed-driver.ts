import type { Driver } from "@ripvec/core";

/** The driver with some of its members replaced. Its other functions are bound to it, so that their private fields work. */
export function changedDriver(driver: Driver, changes: Partial<Driver>): Driver {
  // The target has no properties of its own: a proxy must return those of a frozen object unchanged.
  const target: Driver = Object.create(driver);
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(key in changes ? changes : driver, key);
      return typeof value === "function" ? value.bind(driver) : value;
    },
  });
}
