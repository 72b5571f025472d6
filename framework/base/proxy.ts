/** Which proxy an address goes through: as data, so that it can be handed to a thread. */

/** What HTTPS_PROXY, HTTP_PROXY and NO_PROXY said. The addresses may hold a name and password: they are never printed as they are. */
export interface ProxySettings {
  /** Address of the proxy for https, `http://name:password@proxy:3128`; for http. */
  https?: string;
  http?: string;
  /** Hosts and domains that are reached directly, separated by commas, or `*`. */
  except?: string;
}

/** The proxies that an environment names, in capitals or not; undefined where it names none. */
export function proxySettings(env: { [name: string]: string | undefined }): ProxySettings | undefined {
  const read = (name: string): string => env[name] || env[name.toLowerCase()] || "";
  const [https, http, except] = [read("HTTPS_PROXY"), read("HTTP_PROXY"), read("NO_PROXY")];
  if (!https && !http) return undefined;
  return { ...(https ? { https } : {}), ...(http ? { http } : {}), ...(except ? { except } : {}) };
}

/** The proxy for an address; undefined where it is reached directly. */
export function proxyFor(url: string, proxy: ProxySettings | undefined): string | undefined {
  const { protocol, hostname } = new URL(url);
  const direct = (proxy?.except ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
  const excepted = direct.some((entry) => {
    const domain = entry.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return entry === "*" || hostname === domain || hostname.endsWith(`.${domain}`);
  });
  return excepted ? undefined : protocol === "https:" ? proxy?.https : proxy?.http;
}

/** The address of a proxy without name and password, for messages. */
export function shownProxy(proxy: string): string {
  if (!URL.canParse(proxy)) return "that HTTPS_PROXY names";
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}
