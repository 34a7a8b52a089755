// The paths of a department's runtime, the same here and behind the gateway.

/** Where the department's editor lives; the same path here and behind the gateway, so that links and websockets hold. */
export const adminRoot = (department: string): string => `/flows/${department}`;

/** Where the department's own HTTP endpoints live (the http-in node). */
export const httpNodeRoot = (department: string): string => `/flows/${department}/http`;
