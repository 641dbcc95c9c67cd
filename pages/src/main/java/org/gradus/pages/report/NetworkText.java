package org.gradus.pages.report;

/**
 * A network as text.
 *
 * @param title what it is, such as {@code Autoencoder, encoder, decoder}
 * @param printed PyTorch's module text, {@link org.gradus.nn.Sequential#toString()}
 * @param parameterTable {@link org.gradus.nn.Sequential#parameterTable()}
 */
public record NetworkText(String title, String printed, String parameterTable) {}
