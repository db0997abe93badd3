type Entry = {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
};

type Listed = { readonly name: string; readonly version: string; readonly license: string | null; readonly isPermissive: boolean };

/** Returns the packages of a production installation by a parsed package-lock.json of version 3, sorted by name. */
export declare const productionPackages: (lockfile: { readonly packages: Readonly<Record<string, Entry>> }) => Listed[];
