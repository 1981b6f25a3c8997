/** What a value is after its way through JSON: what a dependent step gets of what a handler returned. */
export type Serialized<T> =
  IsAny<T> extends true
    ? T
    : unknown extends T
      ? T
      : T extends string | number | boolean | null
        ? T
        : T extends undefined | void
          ? null
          : T extends bigint | symbol | AnyFunction
            ? never
            : T extends { toJSON(...args: never[]): infer Json }
              ? Serialized<Json>
              : T extends readonly unknown[]
                ? { [Index in keyof T]: Serialized<T[Index]> }
                : T extends object
                  ? Simplify<RequiredFields<T> & OptionalFields<T>>
                  : never;

export type Simplify<T> = { [Key in keyof T]: T[Key] };

export type IsAny<T> = 0 extends 1 & T ? true : false;

type AnyFunction = (...args: never[]) => unknown;

/** What becomes of a field: JSON drops one that is undefined, a function or a symbol, so that its reader finds it missing. */
type Fate<Key, Value> = Key extends symbol
  ? 'dropped'
  : IsAny<Value> extends true
    ? 'kept'
    : [Value] extends [never]
      ? 'kept'
      : [Value] extends [undefined | symbol | AnyFunction]
        ? 'dropped'
        : undefined extends Value
          ? 'optional'
          : 'kept';

type RequiredFields<T> = { [Key in keyof T as Fate<Key, T[Key]> extends 'kept' ? Key : never]: Serialized<T[Key]> };

type OptionalFields<T> = {
  [Key in keyof T as Fate<Key, T[Key]> extends 'optional' ? Key : never]?: Serialized<Exclude<T[Key], undefined>>;
};
