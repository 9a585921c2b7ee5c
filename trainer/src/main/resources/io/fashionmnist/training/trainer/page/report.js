
// The charts. Everything they show is in the page's tables too.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const charts = [];

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const percent = digits => v => v == null ? "–" : (100 * v).toFixed(digits) + "%";
  const significant = v => v == null ? "–" : v === 0 ? "0" : v >= 1e-4 ? Number(v.toPrecision(4)).toString() : v.toExponential(2);
  const whole = v => v == null ? "–" : Math.round(v).toLocaleString("en");
  const clear = (text, alpha) => {
    const c = document.createElement("canvas").getContext("2d");
    c.fillStyle = text;
    return c.fillStyle + Math.round(alpha * 255).toString(16).padStart(2, "0");
  };

  const axis = (values, size) => ({
    stroke: colour("soft"), font: "12px system-ui, sans-serif", size,
    grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, values: (_, all) => all.map(values),
  });

  // A dashed line from one point to another, in the units of the axes.
  const dashed = (u, from, to, text) => {
    const [x0, y0] = [u.valToPos(from[0], "x", true), from[1] == null ? u.bbox.top : u.valToPos(from[1], "y", true)];
    const [x1, y1] = [u.valToPos(to[0], "x", true), to[1] == null ? u.bbox.top + u.bbox.height : u.valToPos(to[1], "y", true)];
    const c = u.ctx;
    c.save();
    c.strokeStyle = c.fillStyle = colour("soft");
    c.lineWidth = devicePixelRatio;
    c.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    c.beginPath();
    c.moveTo(x0, y0);
    c.lineTo(x1, y1);
    c.stroke();
    if (text) {
      c.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
      const right = x0 + c.measureText(text).width + 6 * devicePixelRatio < u.bbox.left + u.bbox.width;
      c.textAlign = right ? "left" : "right";
      c.fillText(text, x0 + (right ? 4 : -4) * devicePixelRatio, u.bbox.top + 11 * devicePixelRatio);
    }
    c.restore();
  };

  // While nothing is pointed at, the legend tells of the best epoch.
  const resting = index => u => { if (u.cursor.left == null || u.cursor.left < 0) u.setLegend({ idx: index }, false); };

  const draw = (id, table, options) => {
    const place = document.getElementById(id);
    if (!place) return;
    place.textContent = "";
    // A legend takes as many lines as it needs.
    const legend = () => place.querySelector(".u-legend")?.offsetHeight ?? 0;
    const size = () => ({ width: Math.floor(place.clientWidth), height: Math.floor(place.clientHeight) - legend() });
    const chart = new uPlot({
      padding: [8, 18, 0, 0], ...size(), ...options,
      legend: { show: options.legend !== false }, cursor: { drag: { x: false, y: false }, points: { size: 7 }, y: false, ...options.cursor },
    }, table, place);
    const observer = new ResizeObserver(() => chart.setSize(size()));
    observer.observe(place); // calls at once
    charts.push(() => { observer.disconnect(); chart.destroy(); });
  };

  const line = (label, name, value, extra) => ({
    label, stroke: colour(name), width: 2, value: (_, v) => value(v),
    points: { show: data.epochs.length <= 40, size: 5, fill: colour("card") }, ...extra,
  });

  const byEpoch = (id, columns, value, yValues, yRange) => {
    const best = data.epochs.indexOf(data.best);
    const rest = resting(best < 0 ? data.epochs.length - 1 : best);
    draw(id, [data.epochs, ...columns.map(column => column.values)], {
      scales: {
        x: { time: false, range: (_, min, max) => min === max ? [min - 1, max + 1] : [min, max] },
        y: yRange ? { range: yRange } : {},
      },
      axes: [
        { ...axis(v => Number.isInteger(v) ? v : "", 28), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] },
        axis(yValues, 58),
      ],
      series: [{ label: "Epoch", value: (_, v) => v == null ? "–" : v }, ...columns.map(c => line(c.label, c.colour, value, c.extra))],
      hooks: {
        ready: [rest], setCursor: [rest],
        draw: [u => {
          if (data.resumed > data.epochs[0] && data.resumed <= data.epochs.at(-1)) dashed(u, [data.resumed - 0.5, null], [data.resumed - 0.5, null], yRange ? "" : "continued");
          if (best >= 0 && data.epochs.length > 1) dashed(u, [data.best, null], [data.best, null], yRange ? "" : "best");
        }],
      },
    });
  };

  const drawAll = () => {
    charts.splice(0).forEach(remove => remove());
    if (data.epochs.length > 0) {
      byEpoch("chart-loss", [
        { label: "Training", colour: "one", values: data.loss },
        { label: "Validation", colour: "two", values: data.validationLoss },
      ], v => v == null ? "–" : v.toFixed(4), significant);
      byEpoch("chart-accuracy", [
        { label: "Training", colour: "one", values: data.accuracy },
        { label: "Validation", colour: "two", values: data.validationAccuracy },
      ], percent(2), v => Number((100 * v).toFixed(2)) + "%");
      byEpoch("chart-rate", [{ label: "Learning rate", colour: "three", values: data.learningRate }],
        significant, significant, (_, min, max) => [0, max * 1.1 || 1]);
      byEpoch("chart-speed", [{ label: "Images/s", colour: "three", values: data.imagesPerSecond }],
        whole, whole, (_, min, max) => [0, max * 1.1 || 1]);
    }
    if (data.binAccuracy) {
      const bins = data.binAccuracy.length;
      const middles = data.binAccuracy.map((_, i) => (i + 0.5) / bins);
      draw("chart-calibration", [middles, data.binAccuracy], {
        legend: false,
        scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
        axes: [
          { ...axis(percent(0), 28), label: "Probability", labelSize: 22, labelFont: "12px system-ui, sans-serif" },
          { ...axis(percent(0), 50), label: "Accuracy", labelSize: 20, labelFont: "12px system-ui, sans-serif" },
        ],
        series: [{}, {
          stroke: colour("one"), fill: clear(colour("one"), 0.35), width: 1, points: { show: false },
          paths: uPlot.paths.bars({ size: [0.94, Infinity] }),
        }],
        cursor: { show: false },
        hooks: { draw: [u => dashed(u, [0, 0], [1, 1])] },
      });
    }
  };

  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
