// What an installation lays under its maps.
import * as leaflet from "leaflet";
import "leaflet/dist/leaflet.css";
import "./tiles.css";
import type { MapTiles } from "./contract.ts";
import { type Crs, type LatLng, offTiles, onTiles } from "./crs.ts";

export class TiledMap {
  readonly map: leaflet.Map;
  readonly #crs: Crs;

  // Still: no animation moves what somebody reads, and no key is taken from the page.
  constructor(box: HTMLElement, tiles: MapTiles | undefined, more: leaflet.MapOptions = {}) {
    this.#crs = (tiles?.crs as Crs | undefined) ?? "wgs84";
    this.map = leaflet.map(box, { attributionControl: !!tiles, zoomControl: false, keyboard: false,
      zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, doubleClickZoom: false,
      ...more });
    leaflet.control.scale({ imperial: false }).addTo(this.map);
    if (tiles) this.#lay(tiles);
  }

  where(place: { latitude: number; longitude: number }): leaflet.LatLngTuple {
    return onTiles([place.latitude, place.longitude], this.#crs);
  }

  placeAt(point: leaflet.LatLng): { latitude: number; longitude: number } {
    const [latitude, longitude]: LatLng = offTiles([point.lat, point.lng], this.#crs);
    return { latitude, longitude };
  }

  #lay(tiles: MapTiles): void {
    this.map.attributionControl.setPrefix(false);
    this.map.attributionControl.addAttribution(
      escaped([tiles.attribution, tiles.approval].filter(Boolean).join(" · ")));
    const bounds = { minZoom: tiles.minZoom ?? 0, maxZoom: 22, maxNativeZoom: tiles.maxZoom ?? 18,
      referrerPolicy: "no-referrer" as const };
    for (const url of [tiles.url, tiles.labels]) if (url) leaflet.tileLayer(url, bounds).addTo(this.map);
  }
}

// It is put into the page as HTML.
function escaped(text: string): string {
  const box = document.createElement("span");
  box.textContent = text;
  return box.innerHTML;
}
