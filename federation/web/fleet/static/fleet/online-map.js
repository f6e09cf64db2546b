// The fleet on tiles of the configured style, when asked for: nothing of it is fetched before.
// The drawn map comes first and comes back with a sentence whenever this one cannot be had.
"use strict";
(() => {
  const button = document.getElementById("online");
  const said = document.getElementById("online-said");
  const marks = document.getElementById("marks");
  const section = button.closest(".map");
  const box = document.getElementById("online-map");
  const {style, units, css, script, worker} = button.dataset;
  const PATIENCE = 20000;
  let map = null;
  let markers = [];

  function added(tag, values) {
    return new Promise((done, failed) => {
      const element = Object.assign(document.createElement(tag), values);
      element.onload = done;
      element.onerror = () => { element.remove(); failed(new Error(tag)); };
      document.head.append(element);
    });
  }
  async function library() {
    if (window.maplibregl) return;
    await Promise.all([added("link", {rel: "stylesheet", href: css}), added("script", {src: script})]);
    maplibregl.setWorkerUrl(worker);
  }

  // Where vehicles are, as /api/units.geojson says; their state is that of their row here.
  async function vehicles() {
    const answer = await fetch(units);
    if (!answer.ok) throw new Error("units");
    return (await answer.json()).features.filter(each => each.geometry);
  }
  function shape(vehicle) {
    const name = "v" + vehicle.properties.number;
    const row = document.getElementById(name);
    const letter = row ? row.className[0] : "q";
    const held = document.createElement("div");
    held.className = "online-mark " + letter;
    held.dataset.row = name;
    held.innerHTML = `<svg viewBox="-31 -31 62 62"><title></title><use href="#mark-${letter}"/></svg>`;
    const state = row ? " : " + row.cells[1].querySelector("b").textContent : "";
    held.querySelector("title").textContent = vehicle.properties.vehicle + state;
    held.addEventListener("click", () => row?.querySelector("a").focus());
    return held;
  }
  function put(found) {
    markers.forEach(each => each.remove());
    markers = found.map(each => new maplibregl.Marker({element: shape(each)}).setLngLat(each.geometry.coordinates).addTo(map));
  }
  function around(found) {
    const bounds = new maplibregl.LngLatBounds();
    found.forEach(each => bounds.extend(each.geometry.coordinates));
    return found.length ? {bounds, fitBoundsOptions: {padding: 48, maxZoom: 11}} : {center: [2.5, 46.6], zoom: 4};
  }

  // Done when the first picture is there. Later faults leave what is already seen.
  function drawn(found) {
    return new Promise((done, failed) => {
      map = new maplibregl.Map({container: box, style, ...around(found)});
      setTimeout(() => failed(new Error("late")), PATIENCE);
      let styled = false;
      map.once("style.load", () => { styled = true; });
      map.on("error", told => { if (!styled || told.tile) failed(told.error); });
      map.once("load", done);
    });
  }
  function close() {
    markers = [];
    map?.remove();
    map = null;
    section.classList.remove("online");
    button.textContent = "Carte en ligne";
  }
  async function open() {
    button.disabled = true;
    said.textContent = "Chargement…";
    try {
      await library();
      const found = await vehicles();
      section.classList.add("online");
      await drawn(found);
      put(found);
      button.textContent = "Carte dessinée";
      said.textContent = "";
    } catch {
      // Whatever it is (no network, no such style, no WebGL), there is one thing to do.
      close();
      said.textContent = "La carte en ligne ne peut pas être chargée : voici la carte dessinée.";
    }
    button.disabled = false;
  }

  // Marks of the drawn map change whenever a vehicle does: then these follow.
  let due = 0;
  new MutationObserver(() => {
    clearTimeout(due);
    due = setTimeout(() => map && markers.length && vehicles().then(found => map && put(found), () => {}), 1000);
  }).observe(marks, {childList: true});
  button.addEventListener("click", () => { said.textContent = ""; if (map) close(); else open(); });
  document.getElementById("online-choice").hidden = false;
})();
