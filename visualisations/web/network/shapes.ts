// Marks for the graphics processor: the shapes that the server draws, with their borders.

import { NodeProgram } from "sigma/rendering";
import type { ProgramInfo } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

/** How a node looks: as in the legend. */
export interface Mark { shape: string; fill: string; border: string }

// Corners, the radius of a regular shape of as much weight as a circle of 1, and whether it is turned.
// A star has 5 corners, and 5 more between them.
const FORMS: Record<string, readonly [corners: number, reach: number, turn: number]> = {
  square: [4, 1.26, Math.PI / 4],
  triangle: [3, 1.4, 0],
  triangleDown: [3, 1.4, Math.PI],
  diamond: [4, 1.25, 0],
  star: [5, 1.4, 0],
  hexagon: [6, 1.1, Math.PI / 6],
};
const CIRCLE = [0, 1, 0] as const;
const INNER = 0.62; // radius of the corners between those of a star
const ROOM = 1.45; // farthest that a shape reaches
const BORDER = 1.2; // pixels

const VERTEX = /* glsl */ `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_border;
attribute vec2 a_position;
attribute float a_size;
attribute vec3 a_form;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixel;
varying vec3 v_form;
const float bias = 255.0 / 254.0;

void main() {
  float radius = a_size * u_correctionRatio / u_sizeRatio * 2.0;
  v_at = ${(2 * ROOM).toFixed(3)} * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + radius * v_at, 1)).xy, 0, 1);
  v_pixel = 2.0 * u_correctionRatio / radius;
  v_form = a_form;
  #ifdef PICKING_MODE
  v_color = a_id;
  v_border = a_id;
  #else
  v_color = a_color;
  v_border = a_border;
  #endif
  v_color.a *= bias;
  v_border.a *= bias;
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixel;
varying vec3 v_form;
const float PI = 3.141592653589793;

// How far a place is outside a shape; below 0 within it.
float outside() {
  float corners = v_form.x;
  float far = length(v_at);
  if (corners < 2.5) return far - 1.0;
  float slice = 2.0 * PI / corners;
  float angle = atan(v_at.x, v_at.y) - v_form.z;
  float aside = abs(angle - slice * floor(angle / slice + 0.5));
  vec2 folded = far * vec2(sin(aside), cos(aside));
  vec2 outer = vec2(0.0, v_form.y);
  // Half a slice from a corner is the middle of a side; of a star, the corner between two others.
  float deep = corners == 5.0 ? ${INNER.toFixed(2)} : v_form.y * cos(slice / 2.0);
  vec2 inner = deep * vec2(sin(slice / 2.0), cos(slice / 2.0));
  vec2 side = inner - outer;
  return dot(folded - outer, normalize(vec2(-side.y, side.x)));
}

void main(void) {
  float away = outside();
  #ifdef PICKING_MODE
  if (away > 0.0) discard;
  gl_FragColor = v_color;
  #else
  float seen = 1.0 - smoothstep(0.0, v_pixel, away);
  float inner = smoothstep(-${BORDER.toFixed(1)} * v_pixel, (1.0 - ${BORDER.toFixed(1)}) * v_pixel, away);
  gl_FragColor = mix(v_color, v_border, inner) * seen;
  #endif
}`;

const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
const UNIFORMS = ["u_sizeRatio", "u_correctionRatio", "u_matrix"] as const;

/** Draws the marks of sigma; each node has a \`mark\`. */
export class MarkProgram extends NodeProgram<(typeof UNIFORMS)[number]> {
  override getDefinition() {
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS,
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_form", size: 3, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_border", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[0], [2 * Math.PI / 3], [4 * Math.PI / 3]],
    };
  }

  override processVisibleItem(node: number, start: number, data: NodeDisplayData): void {
    const { shape, border } = (data as NodeDisplayData & { mark: Mark }).mark;
    const values = [data.x, data.y, data.size, ...(FORMS[shape] ?? CIRCLE), floatColor(data.color), floatColor(border), node];
    values.forEach((value, at) => { this.array[start + at] = value; });
  }

  override setUniforms({ correctionRatio, sizeRatio, matrix }: RenderParams, { gl, uniformLocations }: ProgramInfo): void {
    gl.uniform1f(uniformLocations["u_correctionRatio"] ?? null, correctionRatio);
    gl.uniform1f(uniformLocations["u_sizeRatio"] ?? null, sizeRatio);
    gl.uniformMatrix3fv(uniformLocations["u_matrix"] ?? null, false, matrix);
  }
}
