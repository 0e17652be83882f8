import type { ListFileEntry } from "@huggingface/hub";
import { DownloadError } from "../download-error.js";
import { isJsonObject } from "../model-files.js";
import type { HubApi, HubRequest } from "../remote/hub-settings.js";

/** The two questions to the hub, without `@huggingface/hub`: that brings 270 kB and Node's modules into a page. */
export const hubApi: HubApi = {
  async modelInfo({ name, ...request }) {
    const revision = encodeURIComponent(request.revision);
    const url = `${request.hubUrl}/api/models/${name}/revision/${revision}`;
    const info = await readJson(await get(url, request), { model: name, url });
    return isJsonObject(info) ? info : {};
  },

  async *listFiles({ repo, ...request }) {
    const revision = encodeURIComponent(request.revision);
    let url: string | undefined =
      `${request.hubUrl}/api/models/${repo.name}/tree/${revision}?recursive=true`;
    while (url !== undefined) {
      const response: Response = await get(url, request);
      const entries = await readJson(response, { model: repo.name, url });
      if (!Array.isArray(entries)) throw unreadable({ model: repo.name, url });
      yield* entries.filter(isJsonObject) as unknown as ListFileEntry[];
      url = nextPage(response);
    }
  },
};

function get(url: string, { fetch: fetchGood, accessToken }: HubRequest): Promise<Response> {
  const headers: Record<string, string> =
    accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
  return fetchGood(url, { headers });
}

interface Place {
  readonly model: string;
  readonly url: string;
}

async function readJson(response: Response, place: Place): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw unreadable(place, cause);
  }
}

function unreadable({ model, url }: Place, cause?: unknown): DownloadError {
  const message = `${url} did not answer as a hub does: is the option endpoint the address of one?`;
  return new DownloadError("network", message, {
    model,
    url,
    ...(cause !== undefined && { cause }),
  });
}

/** Long listings come in pages, each naming the next: `<https://…>; rel="next"`. */
function nextPage({ headers }: Response): string | undefined {
  return /<([^>]+)>;\s*rel="next"/.exec(headers.get("Link") ?? "")?.[1];
}
