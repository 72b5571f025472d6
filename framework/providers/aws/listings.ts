/** Resources without tags that no data source finds, as their service lists them: what `list:<type>` look-ups read. */
import { LISTED_IDS, type Props, ProviderError } from "../../model/index.js";
import type { Ask, Question } from "./signed-get.js";

/** One thing of a service's list. */
type Item = { [field: string]: unknown };

/** How a type is listed. */
interface Listing {
  service: string;
  global?: boolean;
  path: (args: Props) => string;
  query?: (args: Props) => { [name: string]: string };
  /** Argument -> the field of an item that must have its value. */
  where: { [argument: string]: string };
  /** The items of an answer, and the query for the next ones, if there are more. */
  read: (text: string) => { items: Item[]; next?: { [name: string]: string } };
  /** From an item to the import id ("Import" in the type's page of the provider's documentation, 5.100). */
  id: (item: Item, args: Props) => string;
}

const part = (args: Props, name: string): string => encodeURIComponent(String(args[name] ?? ""));

/** Amazon API Gateway Version 2 API reference: `Get...s` of each resource. */
const apiGateway = (path: Listing["path"], where: Listing["where"], id: Listing["id"]): Listing => ({
  service: "apigateway",
  path,
  where,
  id,
  read(text) {
    const { items = [], nextToken } = JSON.parse(text) as { items?: Item[]; nextToken?: string };
    return { items, ...(nextToken ? { next: { nextToken } } : {}) };
  },
});

const ofApi = (children: string, where: Listing["where"], id: string): Listing =>
  apiGateway(
    (args) => `/v2/apis/${part(args, "apiId")}/${children}`,
    where,
    (item, args) => `${args["apiId"]}/${item[id]}`,
  );

/** By type. */
const LISTINGS: { readonly [type: string]: Listing } = {
  "aws:apigatewayv2/apiMapping:ApiMapping": apiGateway(
    (args) => `/v2/domainnames/${part(args, "domainName")}/apimappings`,
    { apiId: "apiId" },
    (item, args) => `${item["apiMappingId"]}/${args["domainName"]}`,
  ),
  "aws:apigatewayv2/authorizer:Authorizer": ofApi("authorizers", { name: "name" }, "authorizerId"),
  "aws:apigatewayv2/integration:Integration": ofApi("integrations", { integrationUri: "integrationUri" }, "integrationId"),
  "aws:apigatewayv2/route:Route": ofApi("routes", { routeKey: "routeKey" }, "routeId"),
  "aws:apigatewayv2/vpcLink:VpcLink": apiGateway(
    () => "/v2/vpclinks",
    { name: "name" },
    (item) => String(item["vpcLinkId"]),
  ),
  // Amazon CloudFront API reference, ListOriginAccessControls; names are letters, digits and hyphens.
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    service: "cloudfront",
    global: true,
    path: () => "/2020-05-31/origin-access-control",
    where: { name: "Name" },
    read(text) {
      const field = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
      const summaries = text.match(/<OriginAccessControlSummary>[\s\S]*?<\/OriginAccessControlSummary>/g) ?? [];
      const items = summaries.map((xml) => ({ Id: field(xml, "Id"), Name: field(xml, "Name") }));
      const Marker = field(text, "NextMarker");
      return { items, ...(Marker ? { next: { Marker } } : {}) };
    },
    id: (item) => String(item["Id"]),
  },
  // Amazon EFS API reference, DescribeMountTargets.
  "aws:efs/mountTarget:MountTarget": {
    service: "elasticfilesystem",
    path: () => "/2015-02-01/mount-targets",
    query: (args) => ({ FileSystemId: String(args["fileSystemId"]) }),
    where: { subnetId: "SubnetId" },
    read(text) {
      const { MountTargets = [], NextMarker } = JSON.parse(text) as { MountTargets?: Item[]; NextMarker?: string };
      return { items: MountTargets, ...(NextMarker ? { next: { Marker: NextMarker } } : {}) };
    },
    id: (item) => String(item["MountTargetId"]),
  },
};

/** Types that can be listed. */
export const LISTED_TYPES: readonly string[] = Object.keys(LISTINGS);

/**
 * Import ids, as `ids`, of the resources of a type that have these values; none where what they would belong to is gone.
 * @throws ProviderError `unsupported` for a type that can't be listed, `failed` where the service does not answer
 */
export async function list(type: string, args: Props, ask: Ask): Promise<Props> {
  const listing = Object.hasOwn(LISTINGS, type) ? LISTINGS[type] : undefined;
  if (!listing) throw new ProviderError("unsupported", `resources of type ${type} can't be listed`);
  const { service, global, where } = listing;
  const question: Question = { service, ...(global ? { global } : {}), path: listing.path(args), query: {} };
  const ids: string[] = [];
  for (let next: { [name: string]: string } | undefined = {}; next; ) {
    const text = await ask({ ...question, query: { ...listing.query?.(args), ...next } });
    if (text === undefined) break;
    const page = listing.read(text);
    const fits = (item: Item): boolean => Object.entries(where).every(([argument, field]) => item[field] === args[argument]);
    ids.push(...page.items.filter(fits).map((item) => listing.id(item, args)));
    next = page.next;
  }
  return { [LISTED_IDS]: ids.sort() };
}
