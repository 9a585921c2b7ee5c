// Draws the curves, and keeps a page fresh whose job still changes. Everything else is HTML.
"use strict";

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function draw() {
  for (const charts of document.querySelectorAll("[data-curve]")) {
    const epochs = JSON.parse(charts.dataset.curve);
    const column = key => epochs.map(epoch => epoch[key] ?? null);
    for (const chart of charts.querySelectorAll(".chart")) {
      const series = chart.dataset.series.split(",").map(text => text.split(":"));
      const ink = color("--soft"), grid = {stroke: color("--line"), width: 1};
      new uPlot({
        width: chart.clientWidth,
        height: 240,
        scales: {x: {time: false}},
        axes: [{stroke: ink, grid, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]}, {stroke: ink, grid, size: 60}],
        series: [
          {label: "epoch"},
          ...series.map(([, label], i) => ({label, stroke: color(i ? "--wait" : "--run"), width: 2, points: {show: epochs.length < 3}})),
        ],
      }, [column("epoch"), ...series.map(([key]) => column(key))], chart);
    }
  }
}

async function refresh() {
  const main = document.getElementById("live");
  // Someone who types or has a menu open is not interrupted.
  if (!document.hidden && !main.contains(document.activeElement?.closest("input"))) {
    const fresh = await ask();
    if (fresh) {
      main.replaceWith(fresh);
      draw();
    }
    // What was seen last stays until there is something newer.
    document.getElementById("stale").textContent = fresh ? "" : "The operator does not answer; this is what it told last.";
  }
  schedule();
}

/** What the page is about, as it is now; nothing while the operator is away or busy. */
async function ask() {
  try {
    const answer = await fetch(location.href, {headers: {Accept: "text/html"}});
    if (answer.status >= 500 || answer.status === 429) {
      return null;
    }
    if (answer.redirected || !answer.ok) {
      // Signed out, not allowed any more, or not there any more: the page itself says it.
      location.reload();
      return null;
    }
    return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
  } catch {
    return null;
  }
}

function schedule() {
  const every = Number(document.getElementById("live")?.dataset.every);
  if (every) {
    setTimeout(refresh, every * 1000);
  }
}

draw();
schedule();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => location.reload());
