// The interactive plot of a three-dimensional latent space, drawn by Plotly.
"use strict";

(() => {
    const TURN = Math.PI / 12;
    const START = { r: 2.4, turn: Math.PI / 4, tilt: Math.PI / 7 };

    class Cloud {
        constructor(section, data) {
            this.plot = section.querySelector(".plot");
            this.codes = gradus.floats(data.codes);
            this.labels = data.labels;
            this.mode = "text";
            this.hidden = new Set();
            this.drawn = Plotly.newPlot(this.plot, this.traces(), this.layout(), {
                displayModeBar: false,
                responsive: true,
                scrollZoom: false,
            }).then(() => this.plot);
            for (const button of section.querySelectorAll("button")) {
                button.addEventListener("click", () => this.act(button));
            }
            this.addClasses(section.querySelector(".classes"));
            gradus.onScheme(() => this.redraw());
        }

        /** A button per digit that there is. */
        addClasses(group) {
            for (const digit of [...new Set(this.labels)].sort()) {
                const button = document.createElement("button");
                button.type = "button";
                button.textContent = digit;
                button.style.setProperty("--class", `var(--digit${digit})`);
                button.setAttribute("aria-pressed", "true");
                button.addEventListener("click", () => {
                    const shown = this.hidden.delete(digit);
                    if (!shown) {
                        this.hidden.add(digit);
                    }
                    button.setAttribute("aria-pressed", String(shown));
                    this.redraw();
                });
                group.append(button);
            }
        }

        /** One trace per digit, so that each can be hidden. */
        traces() {
            const traces = [];
            for (let digit = 0; digit < 10; digit++) {
                const trace = { x: [], y: [], z: [] };
                for (let i = 0; i < this.labels.length; i++) {
                    if (this.labels[i] === String(digit)) {
                        trace.x.push(this.codes[3 * i]);
                        trace.y.push(this.codes[3 * i + 1]);
                        trace.z.push(this.codes[3 * i + 2]);
                    }
                }
                if (trace.x.length > 0) {
                    const color = gradus.colour("digit" + digit);
                    traces.push({
                        ...trace,
                        type: "scatter3d",
                        mode: this.mode,
                        name: String(digit),
                        text: String(digit),
                        visible: !this.hidden.has(String(digit)),
                        textfont: { size: 12, color },
                        marker: { size: 4, opacity: 0.8, color },
                        hovertemplate: "digit " + digit + "<br>(%{x:.3f}, %{y:.3f}, %{z:.3f})<extra></extra>",
                    });
                }
            }
            return traces;
        }

        layout() {
            const rule = gradus.colour("rule");
            const axis = (text) => ({ title: { text }, gridcolor: rule, zerolinecolor: rule, showspikes: false });
            return {
                paper_bgcolor: "rgba(0,0,0,0)",
                font: { color: gradus.colour("text"), family: "system-ui, sans-serif" },
                margin: { l: 0, r: 0, t: 0, b: 0 },
                showlegend: false,
                scene: {
                    xaxis: axis("z1"),
                    yaxis: axis("z2"),
                    zaxis: axis("z3"),
                    aspectmode: "cube",
                    camera: { eye: eye(START) },
                },
                uirevision: "kept",
            };
        }

        redraw() {
            return Plotly.react(this.plot, this.traces(), this.layout());
        }

        act(button) {
            const action = button.dataset.action;
            if (action === "points") {
                this.mode = this.mode === "text" ? "markers" : "text";
                button.textContent = this.mode === "text" ? "Points" : "Digits";
                this.redraw();
                return;
            }
            const view = polar(this.plot._fullLayout.scene._scene.getCamera().eye);
            const limit = Math.PI / 2 - 0.05;
            switch (action) {
                case "turn-left":
                    view.turn += TURN;
                    break;
                case "turn-right":
                    view.turn -= TURN;
                    break;
                case "tilt-up":
                    view.tilt = Math.min(limit, view.tilt + TURN);
                    break;
                case "tilt-down":
                    view.tilt = Math.max(-limit, view.tilt - TURN);
                    break;
                case "closer":
                    view.r = Math.max(0.3, view.r / 1.2);
                    break;
                default:
                    view.r = Math.min(6, view.r * 1.2);
            }
            Plotly.relayout(this.plot, { "scene.camera.eye": eye(view) });
        }
    }

    function eye({ r, turn, tilt }) {
        return { x: r * Math.cos(tilt) * Math.cos(turn), y: r * Math.cos(tilt) * Math.sin(turn), z: r * Math.sin(tilt) };
    }

    function polar({ x, y, z }) {
        const r = Math.hypot(x, y, z);
        return { r, turn: Math.atan2(y, x), tilt: Math.asin(z / r) };
    }

    gradus.cloud = (id, data) => {
        gradus.clouds[id] = new Cloud(document.getElementById(id + "-cloud"), data);
    };
})();
