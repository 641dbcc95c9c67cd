package org.gradus.pages.report;

/**
 * A conclusion of a tutorial, stated as an inequality.
 *
 * @param id the experiment it belongs to
 * @param text the inequality
 * @param value the quantity that it is about
 * @param holds whether it is true
 */
public record Check(String id, String text, double value, boolean holds) {}
