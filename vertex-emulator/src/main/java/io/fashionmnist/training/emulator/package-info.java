/**
 * A local Vertex AI: custom jobs, quota that can run out, and faults on demand.
 *
 * <p>This package only puts the rooms together. The rooms, from the inside out: {@code error},
 * {@code filter}, {@code quota}, {@code fault}, {@code executor}, {@code job}, {@code config},
 * {@code service}, {@code admin}, {@code web}, {@code cli}. Services of models, metadata and
 * TensorBoards get rooms of their own beside {@code job}.
 */
package io.fashionmnist.training.emulator;
