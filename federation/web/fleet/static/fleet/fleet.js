// Keeps the fleet's page as it is now: a stream of changes, or asked for every 15 seconds when
// there is none; and hides what the search and the filter leave out. The page works without it.
"use strict";
(() => {
  const fleet = document.getElementById("fleet");
  const rows = document.getElementById("rows");
  const search = document.getElementById("q");
  const need = document.getElementById("need");
  const byId = name => document.getElementById(name);
  const states = new Map();
  let mark = fleet.dataset.mark;
  let stream = null;
  let asking = 0;
  let toSay = [];
  const plain = text => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

  // A row's name is the address it leads to: v12, or u:unit.
  function name(row) {
    const parts = row.querySelector("a").getAttribute("href").split("/");
    row.id = (parts[1] === "vehicules" ? "v" : "u:") + parts[2];
    return row;
  }

  // What is shown.
  function fits(row, words) {
    if (need.checked && !(/[mt]/.test(row.className[0]) || row.querySelector(".a"))) return false;
    if (!words.length) return true;
    const text = plain(row.textContent);
    return words.every(word => text.includes(word));
  }
  // Of a great fleet the page has only the first rows: whoever looks for something has them all.
  let loading = null;
  function whole() {
    const more = byId("more");
    if (!more) return null;
    loading ||= fetch(fleet.dataset.changes).then(answer => answer.json()).then(take).finally(() => { loading = null; });
    return loading;
  }
  function look() {
    sift();
    if (search.value.trim() || need.checked) whole();
  }
  function sift() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let seen = 0;
    for (const row of rows.children) {
      row.hidden = !fits(row, words);
      if (!row.hidden) seen += 1;
    }
    byId("count-number").textContent = seen;
    byId("count").hidden = seen === rows.children.length && !byId("more");
    byId("nothing").hidden = seen > 0 || !rows.children.length;
  }
  function later(deed, wait) {
    let due = 0;
    return () => { clearTimeout(due); due = setTimeout(deed, wait); };
  }

  // What changed.
  function put(told) {
    const held = document.createElement("template");
    held.innerHTML = "<table><tbody>" + told.html + "</tbody></table>";
    const row = name(held.content.querySelector("tr"));
    const old = byId(told.id);
    const focused = old && old.contains(document.activeElement);
    const before = told.before ? byId(told.before) : null;
    // Among rows that are not here yet there is no place for it.
    if (!old && !before && byId("more")) return;
    if (old) old.remove();
    rows.insertBefore(row, before);
    row.classList.add("fresh");
    if (focused) row.querySelector("a").focus({preventScroll: true});
    if (states.has(told.id) && states.get(told.id) !== told.state) toSay.push(told.said);
    states.set(told.id, told.state);
  }
  function anew(told) {
    // All of them at once, the last first as they are told: thousands one by one take seconds.
    const focused = rows.contains(document.activeElement) ? document.activeElement.closest("tr").id : "";
    byId("count-all").textContent = told.all.length;
    byId("more")?.remove();
    rows.innerHTML = told.rows.map(each => each.html).reverse().join("\n");
    for (const row of rows.children) name(row);
    for (const each of told.rows) {
      if (states.has(each.id) && states.get(each.id) !== each.state) toSay.push(each.said);
      states.set(each.id, each.state);
    }
    if (focused && byId(focused)) byId(focused).querySelector("a").focus({preventScroll: true});
  }
  const say = later(() => {
    // One sentence for many: nobody wants to hear a whole region one by one.
    const many = toSay.length > 3;
    byId("said").textContent = many ? toSay.length + " véhicules ont changé d'état." : toSay.join(". ");
    toSay = [];
  }, 1500);
  function take(told) {
    mark = told.mark;
    if (told.all) anew(told);
    else told.rows.forEach(put);
    if (told.marks !== null) byId("marks").innerHTML = told.marks;
    for (const [name, value] of Object.entries(told.tiles)) byId("tile-" + name).textContent = value;
    colour();
    if (told.rows.length || told.all) sift();
    if (toSay.length) say();
  }
  function colour() {
    const tile = byId("tile-missing");
    tile.parentElement.classList.toggle("some", tile.textContent !== "0");
  }

  // How it is learnt.
  function word(text, kind) {
    byId("live").hidden = false;
    byId("live-word").textContent = text;
    byId("live-word").className = "badge " + kind;
  }
  async function ask() {
    try {
      const answer = await fetch(fleet.dataset.changes + "?depuis=" + encodeURIComponent(mark));
      if (answer.redirected || answer.status === 403) { location.reload(); return; }
      if (answer.ok) { take(await answer.json()); word("à jour toutes les 15 s", "care"); }
    } catch {
      word("page coupée du réseau", "bad");
    }
  }
  function byHand() {
    if (!asking) { asking = setInterval(ask, 15000); ask(); }
  }
  function open() {
    stream = new EventSource(fleet.dataset.flow + "?depuis=" + encodeURIComponent(mark));
    stream.onopen = () => { clearInterval(asking); asking = 0; word("en direct", "ok"); };
    stream.onmessage = event => take(JSON.parse(event.data));
    stream.onerror = () => {
      // It comes again by itself unless it was refused: then in a while, by hand meanwhile.
      byHand();
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 30000);
    };
  }

  for (const row of rows.children) states.set(name(row).id, { m: "missing", t: "trouble", o: "online", q: "quiet" }[row.className]);
  document.documentElement.classList.add("scripted");
  search.addEventListener("input", later(look, 120));
  need.addEventListener("change", look);
  byId("filter").addEventListener("submit", event => { event.preventDefault(); look(); });
  byId("more")?.addEventListener("click", event => { event.preventDefault(); whole(); });
  byId("marks").addEventListener("click", async event => {
    const group = event.target.closest("[data-row]");
    if (!group) return;
    await whole();
    const row = byId(group.dataset.row);
    if (!row) return;
    document.querySelectorAll("tr.shown").forEach(each => each.classList.remove("shown"));
    row.hidden = false;
    row.classList.add("shown");
    row.scrollIntoView({block: "center"});
    row.querySelector("a").focus({preventScroll: true});
  });
  addEventListener("pagehide", () => stream && stream.close());
  addEventListener("pageshow", event => { if (event.persisted) open(); });
  colour();
  sift();
  open();
})();
